import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import type { PluginSpec } from '#shared/plugin.ts';

export type TargetSpec = PluginSpec & {
  /** What the target can serve when the certificate comes from ACM. */
  readonly keyAlgorithms: readonly KeyAlgorithm[];
};

export type Endpoint = { readonly host: string; readonly port: number };

/** What a target holds now. */
export type TargetView = {
  /** For people: `shop-alb:443`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Every certificate the target holds, the default first. */
  readonly arns: readonly string[];
  /** The certificate that binding would take away; null where binding only adds (SNI). */
  readonly replacedArn: string | null;
};

/** Something that serves certificates from ACM (or IAM, before us). Looks first, does the least, looks again. */
export type Target = {
  /** Key of the deployment in the record; stable for the same place on the same resource. */
  readonly key: string;
  readonly place: Place;
  /** @throws CertkeepError ListenerNotFound */
  look(): Promise<TargetView>;
  /**
   * Binds `arn` and lets go of `replaces` (ours, or the default it stands in for). Nothing to do is success.
   * @throws CertkeepError ListenerFull, ListenerRefused, ListenerNotFound
   */
  bind(arn: string, replaces: string | null): Promise<void>;
  /** Takes `arn` out of an SNI list; the way back where there was nothing before. */
  unbind(arn: string): Promise<void>;
};

import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';

export type TargetSpec = PluginSpec & {
  /** What the target can serve when the certificate comes from ACM. */
  readonly keyAlgorithms: readonly KeyAlgorithm[];
};

/** Which rules of choice hold: an Application, a Network or a Classic Load Balancer. */
export type BalancerKind = 'alb' | 'nlb' | 'clb';

export type Endpoint = { readonly host: string; readonly port: number };

/** Where on a listener a certificate stands: as its default, in its SNI list, or in both. */
export type Position = 'default' | 'sni' | 'both';

/** The ARNs that a listener holds. */
export type Held = {
  readonly default: string | null;
  /** The SNI list; the default may stand in it a second time. */
  readonly list: readonly string[];
};

/** What a target holds now. */
export type TargetView = Held & {
  /** For people: `shop-alb:443`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Whose rules say which certificate a client gets. */
  readonly kind: BalancerKind;
};

/** What a listener is to hold; of other certificates it says nothing. */
export type Arrangement = {
  /** Null leaves the default as it is. */
  readonly default: string | null;
  readonly listed: readonly string[];
  readonly unlisted: readonly string[];
  /**
   * Where the list has no place left, what is to leave it may do so before what is to join it: meanwhile the
   * default serves the names.
   */
  readonly mayMakeRoom: boolean;
};

/** Something that serves certificates from ACM (or IAM, before us). Looks first, does the least, looks again. */
export type Target = {
  /** Key of the deployment in the record; stable for the same position on the same resource. */
  readonly key: string;
  readonly place: Place;
  /** As commands of people name it: its ARN, or what stands for one. */
  readonly listener: string;
  readonly position: Position;
  /** @throws CertkeepError ListenerNotFound, ListenerRefused */
  look(): Promise<TargetView>;
  /** A look with one request, for those that have looked before. @throws CertkeepError ListenerNotFound */
  readHeld(): Promise<Held>;
  /**
   * Brings the listener from what was seen to what is wanted, and returns what it holds then. Nothing to do is
   * success. The default goes first, then the list grows, then it shrinks; each change is read back.
   * @throws CertkeepError ListenerFull, ListenerRefused (also where somebody has changed the default since),
   * ListenerNotFound
   */
  arrange(wanted: Arrangement, seen: Held): Promise<Held>;
  /** Puts a tag of ours on the listener, or on the load balancer where its listeners have none. */
  mark(name: string, value: string): Promise<void>;
  /** All tags that `mark` may have put there. */
  marks(): Promise<Readonly<Record<string, string>>>;
  /** Of the listener and its load balancer: they say who manages them. */
  tags(): Promise<Readonly<Record<string, string>>>;
};

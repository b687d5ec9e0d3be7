import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';

export type TargetSpec = PluginSpec & {
  /** The key algorithms that the target can serve from ACM. */
  readonly keyAlgorithms: readonly KeyAlgorithm[];
};

/** The load balancer's kind decides which rules choose the certificate of a client. */
export type BalancerKind = 'alb' | 'nlb' | 'clb';

export type Endpoint = { readonly host: string; readonly port: number };

/** The position of a certificate on a listener: default, in the SNI list, or both. */
export type Position = 'default' | 'sni' | 'both';

/** The ARNs that a listener holds. */
export type Held = {
  readonly default: string | null;
  /** The SNI list, in which the default may appear a second time. */
  readonly list: readonly string[];
};

/** The current state of a target. */
export type TargetView = Held & {
  /** For people: `shop-alb:443`. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** The rules by which a client gets its certificate. */
  readonly kind: BalancerKind;
};

/** The wanted state of our certificates on a listener; it leaves others alone. */
export type Arrangement = {
  /** Null leaves the default as it is. */
  readonly default: string | null;
  readonly listed: readonly string[];
  readonly unlisted: readonly string[];
  /** Where the list is full, a certificate may leave it before its successor joins: meanwhile the default serves the names. */
  readonly mayMakeRoom: boolean;
};

/** Serves certificates from ACM (or from IAM, before us). It looks first, changes as little as possible, and looks again. */
export type Target = {
  /** Key of the deployment in the record; stable for the same position on the same resource. */
  readonly key: string;
  readonly place: Place;
  /** The name that people use in commands: its ARN, or a substitute. */
  readonly listener: string;
  readonly position: Position;
  /** @throws CertkeepError ListenerNotFound, ListenerRefused */
  look(): Promise<TargetView>;
  /** Looks with one request, after a first look. @throws CertkeepError ListenerNotFound */
  readHeld(): Promise<Held>;
  /**
   * Brings the listener from the seen state to the wanted one, and returns what it then holds. It succeeds when there is
   * nothing to do. It sets the default first, then adds to the list, then removes from it, and reads back each change.
   * @throws CertkeepError ListenerFull, ListenerRefused (also where somebody has changed the default since),
   * ListenerNotFound
   */
  arrange(wanted: Arrangement, seen: Held): Promise<Held>;
  /** Puts a tag of ours on the listener, or on the load balancer where its listeners have no tags. */
  mark(name: string, value: string): Promise<void>;
  /** All tags that `mark` may have set. */
  marks(): Promise<Readonly<Record<string, string>>>;
  /** The tags of the listener and its load balancer, which say who manages them. */
  tags(): Promise<Readonly<Record<string, string>>>;
};

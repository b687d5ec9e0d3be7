import type { CertkeepError } from '#shared/errors.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import type { Permission, PluginSpec } from '#shared/schema/plugin.ts';

export type TargetSpec = PluginSpec & {
  /** The key algorithms that the target can serve from ACM. */
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  /** The values of its own placeholders in permissions for a place, where no function asks for them. */
  readonly permissionValues?: (
    config: never,
    place: Place,
  ) => Readonly<Record<string, readonly string[]>>;
  /** Those that it can serve with `store: iam`; absent where it takes certificates from ACM alone. */
  readonly keyAlgorithmsFromIam?: readonly KeyAlgorithm[];
  /** Further facts for people, in Markdown. */
  readonly notes?: readonly string[];
  /** The permissions for what is found by its tag, in each place where discovery looks; absent where nothing is. */
  readonly whenTagged?: readonly Permission[];
  /** It takes certificates only of CAs that browsers trust. */
  readonly isForTrustedOnly?: boolean;
};

/** Which rules choose the certificate of a client; `single` is for whatever has one certificate for everybody. */
export type ChoiceRules = 'alb' | 'nlb' | 'single';

export type Endpoint = {
  readonly host: string;
  readonly port: number;
  /** The only names for which it serves what it holds; absent where it does so for all. */
  readonly names?: readonly string[] | undefined;
  /** The service says that it has private addresses only, so that nobody can ask it from outside of its network. */
  readonly isInternal?: true | undefined;
};

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
  /** Null where nobody can ask: what the target holds is all that can be known. */
  readonly endpoint: Endpoint | null;
  /** The rules by which a client gets its certificate. */
  readonly kind: ChoiceRules;
  /** Its certificate may be followed only by one of the same issuer (mutual TLS in API Gateway). */
  readonly keepsIssuer?: true;
  /** The service itself says that a change is still on its way to where clients are served. */
  readonly isSpreading?: true;
};

/** The wanted state of our certificates on a listener; it leaves others alone. */
export type Arrangement = {
  /** Null leaves the default as it is. */
  readonly default: string | null;
  readonly listed: readonly string[];
  readonly unlisted: readonly string[];
  /** Where the list is full, a certificate may leave it before its successor joins: meanwhile the default serves the names. */
  readonly mayMakeRoom: boolean;
  /** Set for a rollback, which overtakes other changes where a service takes few. */
  readonly isUrgent?: boolean;
};

/** What became of a command that was sent to hosts. */
export type CommandState =
  | { readonly is: 'running' | 'done' }
  /** Some host did not carry it out, or none was there: HostCommandFailed, HostNotReached, NoHostFound. */
  | { readonly is: 'failed'; readonly error: CertkeepError };

/** Tells hosts to fetch a version. The service does not know a command that comes twice: its comment is what finds it again. */
export type HostPush = {
  /** The id of the command with this comment that was sent since then; null where there is none. */
  find(comment: string, since: Date): Promise<string | null>;
  /**
   * Returns the id of the command. `version` is the one in the key store's own terms.
   * @throws CertkeepError CommandRefused, HostNotReached
   */
  send(comment: string, version: string): Promise<string>;
  look(commandId: string): Promise<CommandState>;
};

/** Hosts that fetch what they serve from the key store: nothing is imported for them, and nothing can be bound. */
export type Fetched = {
  /** How long they may take. */
  readonly withinMs: number;
  /** Absent where they look by themselves. */
  readonly push?: HostPush;
};

/** Serves certificates from ACM (or from IAM, before us). It looks first, changes as little as possible, and looks again. */
export type Target = {
  /** Key of the deployment in the record; stable for the same position on the same resource. */
  readonly key: string;
  readonly place: Place;
  /** The name that people use in commands: its ARN, or a substitute. */
  readonly listener: string;
  readonly position: Position;
  /**
   * Present where changes take minutes, and a look says when they are there (`isSpreading`). No look says it of a re-import:
   * `reimportMs` is what it may take, where that is longer than usual.
   */
  readonly spread?: { readonly reimportMs?: number };
  /** Present where hosts fetch it from the key store. */
  readonly fetched?: Fetched;
  /** @throws CertkeepError ListenerNotFound, ListenerRefused */
  look(): Promise<TargetView>;
  /** Looks with one request, after a first look. @throws CertkeepError ListenerNotFound */
  readHeld(): Promise<Held>;
  /**
   * Brings the listener from the seen state to the wanted one, and returns what it then holds. It succeeds when there is
   * nothing to do. It sets the default first, then adds to the list, then removes from it, and reads back each change.
   * @throws CertkeepError ListenerFull, ListenerRefused (also where somebody has changed the default since),
   * ListenerNotFound, and limits that name a later time (`isLimit`)
   */
  arrange(wanted: Arrangement, seen: Held): Promise<Held>;
  /** Puts a tag of ours on the listener, or on the load balancer where its listeners have no tags. */
  mark(name: string, value: string): Promise<void>;
  /** All tags that `mark` may have set. */
  marks(): Promise<Readonly<Record<string, string>>>;
  /** The tags of the listener and its load balancer, which say who manages them. */
  tags(): Promise<Readonly<Record<string, string>>>;
};

import type { Config } from '#shared/config/config.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';

/** One change that the file makes, in words. */
export type Difference = {
  readonly sign: '+' | '~' | '-';
  /** For other programs. */
  readonly kind:
    | 'certificate'
    | 'names'
    | 'key'
    | 'issuers'
    | 'target'
    | 'renewal'
    | 'setting'
    | 'issuer'
    | 'solver'
    | 'place'
    | 'installation';
  /** The certificates that it concerns; none for the installation itself. */
  readonly certificates: readonly string[];
  /** A name, an id, or a key of the file. */
  readonly what: string;
  /** What is there, or what it was and becomes; may be empty. */
  readonly text: string;
  /** What happens then; may be empty. */
  readonly effect: string;
};

/** An order that the file causes. */
export type CausedOrder = {
  readonly certificate: string;
  /** Why, in the words of check. */
  readonly reason: string;
  /** Null at the next check; otherwise when maintenance or a pause lets it begin. */
  readonly heldUntil: Date | null;
  readonly takesNewKey: boolean;
};

/** The two configurations, and what the ledger says of the certificates that differ. */
export type Compared = {
  /** Null where nothing is deployed. */
  readonly deployed: Config | null;
  readonly wanted: Config;
  /** Null for a certificate of which nothing is written; absent where nobody has looked. */
  readonly records: ReadonlyMap<string, CertificateRecord | null>;
  readonly now: Date;
};

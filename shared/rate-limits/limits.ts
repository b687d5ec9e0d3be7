import type { IssuerConfig } from '#shared/config/config.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { Limit } from './bucket.ts';

/** What CAs count. A limit that is not there does not count. */
export type Limits = {
  /** Orders of one account. */
  readonly orders?: Limit;
  /** Certificates for names below one registered domain, of whichever account. */
  readonly certificatesPerDomain?: Limit;
  /** Certificates for exactly the same names, of whichever account. */
  readonly certificatesPerNames?: Limit;
  /** Validations of one name that failed, of one account. */
  readonly failuresPerName?: Limit;
  /** The same, but that a success forgets them; whoever uses them up is paused until a person asks. */
  readonly failuresInARow?: Limit;
  /** Whether renewals are no new orders and certificates to it. */
  readonly sparesRenewals?: boolean;
};

export type LimitKind = Exclude<keyof Limits, 'sparesRenewals'>;

/** What is known of the CA, and over it what the configuration says: CAs give customers limits of their own. */
export function limitsOf({ directory, limits }: IssuerConfig): Limits {
  return { ...knownDirectory(directory)?.limits, ...limits };
}

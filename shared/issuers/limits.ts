/** So many at once, and one more whenever another part of `perMs` has passed. */
export type Limit = { readonly count: number; readonly perMs: number };

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

/** Allows `count` at once, and one more after each further part of `perMs`. */
export type Limit = { readonly count: number; readonly perMs: number };

/** The limits that CAs count. A missing limit does not apply. */
export type Limits = {
  /** Orders per account. */
  readonly orders?: Limit;
  /** Certificates for names below one registered domain, for all accounts together. */
  readonly certificatesPerDomain?: Limit;
  /** Certificates for exactly the same names, for all accounts together. */
  readonly certificatesPerNames?: Limit;
  /** Failed validations of one name, per account. */
  readonly failuresPerName?: Limit;
  /** Failed validations in a row: a success resets the count. At the limit, the CA pauses the name until a person asks. */
  readonly failuresInARow?: Limit;
  /** Says whether renewals do not count against the limits of orders and certificates. */
  readonly sparesRenewals?: boolean;
};

export type LimitKind = Exclude<keyof Limits, 'sparesRenewals'>;

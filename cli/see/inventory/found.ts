/** A certificate as ACM holds it in one account and region. */
export type Found = {
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  readonly names: readonly string[];
  /** The organization behind the CA, or the CA's own name. */
  readonly issuer: string;
  readonly key: string;
  /** ISO 8601; null while it is not issued. */
  readonly endsAt: string | null;
  readonly isImported: boolean;
  /** ACM's own words: it renews what it has issued where it can. */
  readonly isEligible: boolean;
  /** `PENDING_VALIDATION`, `FAILED` and the like; null where no renewal has begun. */
  readonly renewalStatus: string | null;
  readonly usedBy: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
};

export type Renewer = {
  readonly kind: 'acm' | 'certkeep' | 'nobody';
  /** Why nobody does, or what it waits for; null where there is nothing to say. */
  readonly why: string | null;
};

/** A line of the inventory. */
export type Listed = Found & { readonly renewedBy: Renewer };

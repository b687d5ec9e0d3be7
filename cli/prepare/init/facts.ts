/** A certificate in ACM. */
export type FoundCertificate = {
  readonly arn: string;
  readonly region: string;
  readonly origin: 'imported' | 'issued by ACM' | 'of certkeep';
  /** As ACM has them, the common name among them; empty where nobody has asked. */
  readonly names: readonly string[];
  /** ACM's word: `RSA_2048`, `EC_prime256v1`. */
  readonly keyAlgorithm: string;
  readonly notAfter: Date | null;
  /** ARNs of what uses it, as far as ACM knows. */
  readonly usedBy: readonly string[];
};

/** A listener with certificates, of a kind for which certkeep has a target. */
export type FoundListener = {
  readonly kind: 'alb' | 'nlb' | 'clb';
  readonly region: string;
  /** The name of its load balancer. */
  readonly balancer: string;
  readonly balancerArn: string;
  readonly port: number;
  /** The ARN of the listener; of a Classic Load Balancer's there is none. */
  readonly arn: string | null;
  readonly default: string | null;
  /** The SNI list without the default. */
  readonly list: readonly string[];
};

/** A public hosted zone. */
export type FoundZone = {
  readonly id: string;
  /** As the configuration writes zones. */
  readonly name: string;
  readonly records: number;
};

/** What could not be looked at, and why. */
export type Unseen = { readonly what: string; readonly why: string };

/** Everything that was found in an account. */
export type Found = {
  readonly account: string;
  readonly regions: readonly string[];
  readonly certificates: readonly FoundCertificate[];
  readonly listeners: readonly FoundListener[];
  readonly zones: readonly FoundZone[];
  readonly unseen: readonly Unseen[];
};

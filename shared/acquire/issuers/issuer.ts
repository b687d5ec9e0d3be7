export type OrderStatus = 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';

export type Order = {
  readonly url: string;
  readonly status: OrderStatus;
  readonly authorizationUrls: readonly string[];
  readonly finalizeUrl: string;
  readonly certificateUrl: string | null;
  readonly problem: string | null;
  /** What the CA asked for. It may be days: never slept on here, the caller decides. */
  readonly retryAfter: Date | null;
};

export type Challenge = {
  readonly url: string;
  readonly type: string;
  /** Only a `pending` one may be answered. */
  readonly status: string;
  readonly token: string;
  /** What http-01 is answered with (RFC 8555 §8.3). Public, as the token is. */
  readonly keyAuthorization: string;
  /** The dns-01 TXT value (RFC 8555 §8.4). */
  readonly keyAuthorizationDigest: string;
  readonly problem: string | null;
};

export type Authorization = {
  readonly url: string;
  /** With `*.` put back where the authorization is for the wildcard. */
  readonly name: string;
  readonly status: string;
  /** Only types known to us that carry a token; CAs offer others that must not disturb. */
  readonly challenges: readonly Challenge[];
};

/** How CAA records speak of a CA and of our account there (RFC 8659, RFC 8657). */
export type IssuerIdentity = {
  /** Empty where the CA does not say. */
  readonly caaIdentities: readonly string[];
  readonly accountUrl: string | null;
};

export type IssuedChain = { readonly certificatePem: string; readonly chainPem: string };

/**
 * A certificate authority as the issue stage drives it. Every state can be read again, so that any later
 * run continues. All calls throw CertkeepError: IssuerUnreachable, IssuerRateLimited (with `retryAt`),
 * IssuerRefused, IssuerAnswerInvalid; or the reason of the caller's own deadline when that has passed.
 */
export type Issuer = {
  identity(): Promise<IssuerIdentity>;
  newOrder(names: readonly string[]): Promise<Order>;
  /** Null when the CA no longer knows the order, or knows it as another account's. */
  order(url: string): Promise<Order | null>;
  authorization(url: string): Promise<Authorization>;
  answer(challengeUrl: string): Promise<void>;
  /** On any error read the order again: the CA may have finalized it all the same. */
  finalize(finalizeUrl: string, orderUrl: string, csrBase64url: string): Promise<Order>;
  /** The leaf, and the chain above it in order and without the root. */
  certificate(url: string): Promise<IssuedChain>;
};

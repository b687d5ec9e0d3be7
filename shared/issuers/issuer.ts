export type OrderStatus = 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';

/** What a CA says is wrong (RFC 8555 §6.7); `message` is one line for a person, subproblems included. */
export type Problem = Error & {
  /** Without the `urn:ietf:params:acme:error:` before it. */
  readonly type: string;
  readonly subproblems: readonly {
    readonly type: string;
    readonly detail: string;
    readonly name: string | null;
  }[];
};

export type Order = {
  readonly url: string;
  readonly status: OrderStatus;
  readonly authorizationUrls: readonly string[];
  /** There while the order is pending or ready. */
  readonly finalizeUrl: string | null;
  readonly certificateUrl: string | null;
  /** Whether the CA has it down as the replacement of the certificate that was sent (RFC 9773 §5). */
  readonly isReplacing: boolean;
  readonly problem: Problem | null;
  /** When the CA gives it up, where it says so. */
  readonly expires: Date | null;
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
  readonly problem: Problem | null;
};

export type Authorization = {
  readonly url: string;
  /** With `*.` put back where the authorization is for the wildcard. */
  readonly name: string;
  readonly status: string;
  /** Only types known to us that carry a token; CAs offer others that must not disturb. */
  readonly challenges: readonly Challenge[];
  /** As of an order. */
  readonly expires: Date | null;
  readonly retryAfter: Date | null;
};

export type IssuedChain = { readonly certificatePem: string; readonly chainPem: string };

/**
 * A certificate authority as the issue stage drives it. Every state can be read again, so that any later
 * run continues. All calls throw CertkeepError: IssuerUnreachable, IssuerRateLimited (with `retryAt`),
 * IssuerRefused, IssuerAnswerInvalid; or the reason of the caller's own deadline when that has passed.
 */
export type Issuer = {
  /**
   * `replaces` is the ARI identifier of the certificate to be replaced (RFC 9773 §5); an order that is
   * refused for it is made without it.
   * @throws CertkeepError ProfileUnavailable besides
   */
  newOrder(names: readonly string[], replaces?: string | null): Promise<Order>;
  /** Null when the CA no longer knows the order, or knows it as another account's. */
  order(url: string): Promise<Order | null>;
  authorization(url: string): Promise<Authorization>;
  answer(challengeUrl: string): Promise<{ readonly retryAfter: Date | null }>;
  /** On any error read the order again: the CA may have finalized it all the same. */
  finalize(finalizeUrl: string, orderUrl: string, csrBase64url: string): Promise<Order>;
  /** The leaf, and the chain above it in order and without the root: the preferred one where the CA has it. */
  certificate(url: string): Promise<IssuedChain>;
  about(): Promise<AboutIssuer>;
  /** When the CA would have a certificate renewed (RFC 9773); null where it has no opinion. */
  renewalInfo(renewalId: string): Promise<RenewalInfo | null>;
};

export type RenewalInfo = {
  readonly start: Date;
  readonly end: Date;
  /** For a person: why the window is where it is. */
  readonly explanationUrl: string | null;
  readonly retryAfter: Date | null;
};

/** What a CA says of itself and of our account with it. */
export type AboutIssuer = {
  /** What CAA records may name (RFC 8657). */
  readonly accountUrl: string;
  /** RFC 7638, of the account's key: what key authorizations end with (RFC 8555 §8.1). */
  readonly keyThumbprint: string;
  /** What CAA records call it (RFC 8659); empty where it does not say. */
  readonly caaIdentities: readonly string[];
  /** Names of certificate profiles (draft-ietf-acme-profiles); null where it has none. */
  readonly profiles: readonly string[] | null;
  readonly hasRenewalInfo: boolean;
};

import type { RevocationCode } from '#shared/revocation-codes.ts';

export type OrderStatus = 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';

/** A CA's problem (RFC 8555 §6.7); `message` is one line for a person, subproblems included. */
export type Problem = Error & {
  /** Without the prefix `urn:ietf:params:acme:error:`. */
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
  /** Present while the order is pending or ready. */
  readonly finalizeUrl: string | null;
  readonly certificateUrl: string | null;
  /** Says whether the CA records it as the replacement of the given certificate (RFC 9773 §5). */
  readonly isReplacing: boolean;
  readonly problem: Problem | null;
  /** The time at which the CA drops it, where it names one. */
  readonly expires: Date | null;
  /** The CA's Retry-After. It may be days: an issuer never waits for it, the caller decides. */
  readonly retryAfter: Date | null;
};

export type Challenge = {
  readonly url: string;
  readonly type: string;
  /** Only a `pending` challenge may be answered. */
  readonly status: string;
  readonly token: string;
  /** The answer to http-01 (RFC 8555 §8.3). It is public, as the token is. */
  readonly keyAuthorization: string;
  /** The dns-01 TXT value (RFC 8555 §8.4). */
  readonly keyAuthorizationDigest: string;
  readonly problem: Problem | null;
};

export type Authorization = {
  readonly url: string;
  /** Includes the `*.` where the authorization is for the wildcard. */
  readonly name: string;
  readonly status: string;
  /** Only known types with a token; CAs offer others, which must not disturb. */
  readonly challenges: readonly Challenge[];
  /** The time at which the CA drops it, where it names one. */
  readonly expires: Date | null;
  readonly retryAfter: Date | null;
};

export type IssuedChain = { readonly certificatePem: string; readonly chainPem: string };

/**
 * A certificate authority, as the issue stage uses it. Every state can be read again, so that any later run can continue.
 * All calls throw CertkeepError: IssuerUnreachable, IssuerRateLimited (with `retryAt`), IssuerRefused, IssuerAnswerInvalid;
 * or the reason of the caller's own deadline when that has passed.
 */
export type Issuer = {
  /**
   * `replaces` is the ARI identifier of the certificate to replace (RFC 9773 §5); where the CA refuses it, the order is
   * made without.
   * @throws CertkeepError ProfileUnavailable, too
   */
  newOrder(names: readonly string[], replaces?: string | null): Promise<Order>;
  /** Null when the CA does not know the order, or assigns it to another account. */
  order(url: string): Promise<Order | null>;
  authorization(url: string): Promise<Authorization>;
  /**
   * `published` is the key authorization that the CA will find (RFC 8555 §8.1).
   * @throws CertkeepError AccountKeyChanged, too, where it is that of a key which has been replaced meanwhile
   */
  answer(challengeUrl: string, published: string): Promise<{ readonly retryAfter: Date | null }>;
  /** After any error, read the order again: the CA may have finalized it. */
  finalize(finalizeUrl: string, orderUrl: string, csrBase64url: string): Promise<Order>;
  /** The leaf, and the chain above it in order and without the root: the preferred chain where the CA has it. */
  certificate(url: string): Promise<IssuedChain>;
  about(): Promise<AboutIssuer>;
  /**
   * RFC 8555 §7.6, signed by the account. It does nothing where the CA has revoked it before.
   * @throws CertkeepError NotRevoked, too, where the CA takes no revocations
   */
  revoke(certificatePem: string, code: RevocationCode): Promise<void>;
  readonly account: IssuerAccount;
  /** The CA's window for a renewal (RFC 9773); null where it suggests none. */
  renewalInfo(renewalId: string): Promise<RenewalInfo | null>;
};

/** The changes of an account that people may ask for. Each of them asks the CA anew which key it knows. */
export type IssuerAccount = {
  /** The thumbprint of the key that the CA knows (RFC 7638); null where it has no account of ours. */
  keyInUse(): Promise<string | null>;
  /**
   * Replaces the key with this thumbprint (RFC 8555 §7.3.5), and returns the thumbprint of the key that the CA knows then. It
   * does nothing where that is another one already.
   * @throws CertkeepError AccountNotChanged where the CA does not do it
   */
  replaceKey(thumbprint: string): Promise<string>;
  /**
   * Ends the account for good (RFC 8555 §7.3.6); another order makes a new one with another key. It does nothing where the CA
   * has none.
   * @throws CertkeepError AccountNotChanged where the CA does not do it
   */
  deactivate(): Promise<void>;
};

export type RenewalInfo = {
  readonly start: Date;
  readonly end: Date;
  /** The CA's explanation of the window, for people. */
  readonly explanationUrl: string | null;
  readonly retryAfter: Date | null;
};

/** Facts about a CA and about our account with it. */
export type AboutIssuer = {
  /** The account's URL, for CAA records (RFC 8657). */
  readonly accountUrl: string;
  /** RFC 7638: the thumbprint of the account's key, with which key authorizations end (RFC 8555 §8.1). */
  readonly keyThumbprint: string;
  /** The CA's names in CAA records (RFC 8659); empty where it names none. */
  readonly caaIdentities: readonly string[];
  /** Names of certificate profiles (draft-ietf-acme-profiles); null where it has none. */
  readonly profiles: readonly string[] | null;
  readonly hasRenewalInfo: boolean;
};

import { type KeyObject, randomBytes } from 'node:crypto';
import { addMs, dayMs } from '../clock.ts';
import type { Problem } from './problem.ts';

export type Account = {
  readonly url: string;
  key: KeyObject;
  thumbprint: string;
  readonly createdAt: Date;
  contact: readonly string[];
  status: 'valid' | 'deactivated';
};

export type Challenge = {
  readonly url: string;
  readonly type: string;
  /** Null for the kind without a token (dns-persist-01), which clients must tolerate. */
  readonly token: string | null;
  status: 'pending' | 'processing' | 'valid' | 'invalid';
  validatedAt: Date | null;
  error: Problem | null;
};

export type Authorization = {
  readonly url: string;
  readonly account: Account;
  /** Without the `*.` of a wildcard (RFC 8555 §7.1.4). */
  readonly name: string;
  readonly isWildcard: boolean;
  readonly challenges: readonly Challenge[];
  decision: 'pending' | 'valid' | 'invalid' | 'deactivated';
  expires: Date;
};

export type Order = {
  readonly url: string;
  readonly account: Account;
  readonly names: readonly string[];
  readonly authorizations: readonly Authorization[];
  readonly createdAt: Date;
  readonly expires: Date;
  /** The ordered profile; null for the CA's own choice. */
  readonly profile: string | null;
  /** The ARI identifier of the certificate that the order replaces. */
  readonly replaces: string | null;
  /** The number of accepted finalize requests. */
  finalizedTimes: number;
  certificate: IssuedForOrder | null;
};

/** The answer that a test defines for one certificate's renewal information. */
export type ToldRenewalInfo = {
  /** The object, or anything else to send instead. */
  readonly body?: unknown;
  readonly status?: number;
  /** Seconds or an HTTP-date; null sends none. */
  readonly retryAfter?: string | null;
};

type IssuedForOrder = {
  readonly url: string;
  readonly serial: string;
  readonly pem: string;
  /** The same chain under other roots. */
  readonly alternates: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly renewalId: string;
  /** The answer that a test defines; null for the usual one. */
  renewalInfo: ToldRenewalInfo | null;
  /** The order is `processing` until then. */
  readonly readyAt: Date;
};

export type OrderStatus = 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';

/** Everything that the CA stores, by URL. */
export type Book = {
  readonly accounts: Map<string, Account>;
  readonly authorizations: Map<string, Authorization>;
  readonly orders: Map<string, Order>;
};

// Let's Encrypt's `classic` profile: https://letsencrypt.org/docs/profiles/
export const orderLifeMs = 7 * dayMs;
const pendingAuthorizationLifeMs = 7 * dayMs;
export const validAuthorizationLifeMs = 30 * dayMs;

export function emptyBook(): Book {
  return { accounts: new Map(), authorizations: new Map(), orders: new Map() };
}

export function authorizationStatus(
  authorization: Authorization,
  now: Date,
): Authorization['decision'] | 'expired' {
  const { decision, expires } = authorization;
  if (now < expires) return decision;
  if (decision === 'valid') return 'expired';
  return decision === 'pending' ? 'invalid' : decision;
}

/** RFC 8555 §7.1.6. The status is computed when somebody asks. */
export function orderStatus(order: Order, now: Date): OrderStatus {
  if (order.finalizedTimes > 0) {
    return order.certificate && now >= order.certificate.readyAt ? 'valid' : 'processing';
  }
  const statuses = order.authorizations.map((each) => authorizationStatus(each, now));
  if (now >= order.expires || statuses.some((each) => each !== 'pending' && each !== 'valid')) {
    return 'invalid';
  }
  return statuses.includes('pending') ? 'pending' : 'ready';
}

export function openAuthorization(
  account: Account,
  orderedName: string,
  at: { readonly now: Date; readonly url: string; readonly challengeUrl: string },
): Authorization {
  const isWildcard = orderedName.startsWith('*.');
  const token = randomBytes(32).toString('base64url');
  // An unknown kind without a token comes first: Let's Encrypt's staging offers one since 2026.
  const types = ['dns-persist-01', 'dns-01', ...(isWildcard ? [] : ['http-01', 'tls-alpn-01'])];
  return {
    url: at.url,
    account,
    name: isWildcard ? orderedName.slice(2) : orderedName,
    isWildcard,
    decision: 'pending',
    expires: addMs(at.now, pendingAuthorizationLifeMs),
    challenges: types.map((type, index) => ({
      url: `${at.challengeUrl}/${index}`,
      type,
      token: type === 'dns-persist-01' ? null : token,
      status: 'pending',
      validatedAt: null,
      error: null,
    })),
  };
}

export function newId(): string {
  return randomBytes(8).toString('hex');
}

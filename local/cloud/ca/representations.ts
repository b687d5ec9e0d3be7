import {
  type Account,
  type Authorization,
  authorizationStatus,
  type Challenge,
  type Order,
  orderStatus,
} from './book.ts';
import type { Problem } from './problem.ts';

/** The objects of RFC 8555 §7.1, as they are sent. */
export function accountObject(account: Account) {
  return { status: account.status, contact: account.contact };
}

export function orderObject(order: Order, now: Date) {
  const status = orderStatus(order, now);
  const error = orderError(order);
  return {
    status,
    expires: order.expires.toISOString(),
    identifiers: order.names.map((value) => ({ type: 'dns', value })),
    authorizations: order.authorizations.map(({ url }) => url),
    finalize: `${order.url}/finalize`,
    ...(order.profile && { profile: order.profile }),
    ...(order.replaces && { replaces: order.replaces }),
    ...(status === 'valid' && order.certificate && { certificate: order.certificate.url }),
    ...(status === 'invalid' && error && { error }),
  };
}

export function authorizationObject(authorization: Authorization, now: Date) {
  const status = authorizationStatus(authorization, now);
  // A decided authorization shows only the challenge that was tried (RFC 8555 §7.1.4).
  const shown =
    status === 'pending'
      ? authorization.challenges
      : authorization.challenges.filter((each) => each.status !== 'pending');
  return {
    status,
    expires: authorization.expires.toISOString(),
    identifier: { type: 'dns', value: authorization.name },
    ...(authorization.isWildcard && { wildcard: true }),
    challenges: shown.map((challenge) => challengeObject(challenge, authorization)),
  };
}

export function challengeObject(challenge: Challenge, authorization: Authorization) {
  return {
    type: challenge.type,
    url: challenge.url,
    status: challenge.status,
    ...(challenge.token === null
      ? { 'issuer-domain-names': ['ca.test'], accounturi: authorization.account.url }
      : { token: challenge.token }),
    ...(challenge.validatedAt && { validated: challenge.validatedAt.toISOString() }),
    ...(challenge.error && { error: challenge.error }),
  };
}

function orderError(order: Order): Problem | undefined {
  const challenges = order.authorizations.flatMap((each) => each.challenges);
  return challenges.find(({ error }) => error)?.error ?? undefined;
}

import type { Authorization, Challenge, Order } from './orders.ts';
import type { Is, Urls } from './urls.ts';

/** Null instead of absent, where nulls are written for what is not there. */
function orNull(fields: readonly string[], is: Is): Record<string, null> {
  return is('nullFields') ? Object.fromEntries(fields.map((name) => [name, null])) : {};
}

/** RFC 8555 §7.1.3. */
export function shownOrder(order: Order, urls: Urls, now: Date, is: Is): object {
  const { authorizations, id, names, status } = order;
  const isValid = status === 'valid';
  const inOrder = is('otherOrder') ? names.toReversed() : names;
  const leavesOut = is('noAuthorizations') && status !== 'pending';
  return {
    ...orNull(['authorizations', 'certificate', 'error', 'notBefore', 'notAfter', 'expires'], is),
    status,
    ...expires(now, is),
    identifiers: inOrder.map((value) => ({ type: 'dns', value: cased(value, is) })),
    ...(!leavesOut && {
      authorizations: authorizations.map((each) => urls.inBody(`/authz/${each.id}`)),
    }),
    ...(!(isValid && is('bareValidOrder')) && { finalize: urls.inBody(`/finalize/${id}`) }),
    ...(isValid && { certificate: urls.inBody(`/cert/${id}`) }),
    ...(is('emptyReplaces') && { replaces: '' }),
  };
}

function expires(now: Date, is: Is): { readonly expires?: string } {
  if (is('noExpires')) return {};
  const later = new Date(now.getTime() + 7 * 86_400_000).toISOString();
  if (is('oddExpires')) return { expires: later.replace(/\.\d+Z$/, '.123456789+05:30') };
  return { expires: is('pastExpires') ? '2001-01-01T00:00:00Z' : later };
}

function cased(name: string, is: Is): string {
  return is('capitalNames') ? name.toUpperCase() : name;
}

/** RFC 8555 §7.1.4. */
export function shownAuthorization(
  authorization: Authorization,
  urls: Urls,
  now: Date,
  is: Is,
): object {
  const { id, isWildcard, name, status } = authorization;
  return {
    ...orNull(['expires', 'wildcard'], is),
    identifier: { type: 'dns', value: cased(name, is) },
    status,
    ...(!is('pastExpires') && expires(now, is)),
    challenges: [
      ...(is('otherChallenges') ? strange : []),
      ...(is('oddTlsAlpn') ? oddTlsAlpn : []),
      ...authorization.challenges.map((each) => shownChallenge(each, id, urls, is)),
    ],
    ...(isWildcard && { wildcard: true }),
  };
}

export function shownChallenge(challenge: Challenge, of: number, urls: Urls, is: Is): object {
  const { failed, status, token, type } = challenge;
  const error = { type: 'urn:ietf:params:acme:error:dns', detail: 'no such value' };
  return {
    ...orNull(['validated', 'error'], is),
    type,
    url: urls.inBody(`/challenge/${of}/${type}`),
    status,
    token,
    ...(failed && { error }),
  };
}

/** Types of later times, and what is none at all. */
const strange = [
  { type: 'dns-persist-01', status: 'pending', 'issuer-domain-names': ['ca.example'] },
  { type: 'device-attest-01', url: 'https://elsewhere.example/', token: 17, status: 'on_hold!' },
  { type: 'custom-01', token: '../..', url: 5 },
  { status: 'pending' },
];

const oddTlsAlpn = [
  { type: 'tls-alpn-01', url: 'https://elsewhere.example/1', token: 'no token', status: 'pending' },
  { type: 'tls-alpn-01', status: 'waiting for port 443' },
];

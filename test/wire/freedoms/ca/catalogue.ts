/** What becomes of a certificate: it is issued, or the attempt fails under this name. */
type Outcome = 'issues' | (string & {});

export type Freedom = {
  /** Where the specification leaves it open, or who does it although it does not. */
  readonly source: string;
  readonly expected: Outcome;
  /** Orders that it takes, one unless told. */
  readonly orders?: number;
  /** Failures that it takes, with their back-off; none unless told. */
  readonly failures?: number;
  /** Two of a group exclude each other. */
  readonly group?: string;
  /** Freedoms with which this one is never come to. */
  readonly hiddenBy?: readonly string[];
};

const issues = 'issues';

/** Everything that a CA may do otherwise than Let's Encrypt does, and what certkeep is to make of it. */
const catalogue = {
  // HTTP
  relativeLocation: { source: 'RFC 9110 §10.2.2: Location is a URI reference', expected: issues },
  relativeUrls: { source: 'RFC 3986 §4.2: relative references, in objects', expected: issues },
  relativeLinks: { source: 'RFC 8288 §3.1: the target of a link is a reference', expected: issues },
  urlsNotNormal: {
    source: 'RFC 8555 §6.4: the client signs the exact string of the server',
    expected: issues,
  },
  urlsWithQuery: {
    source: 'RFC 3986 §3.4: resources are named by a query as well',
    expected: issues,
  },
  gzip: {
    source: 'RFC 9110 §12.5.3: a server may disregard Accept-Encoding',
    expected: issues,
    group: 'coding',
  },
  deflate: { source: 'RFC 9110 §8.4.1.2', expected: issues, group: 'coding' },
  zstd: {
    source: 'RFC 8878 §7.2: a coding that nobody asked for',
    expected: 'IssuerAnswerInvalid',
    group: 'coding',
  },
  capitalMediaTypes: {
    source: 'RFC 9110 §8.3.1: media types have no case',
    expected: issues,
    group: 'type',
  },
  mediaTypeParameters: { source: 'RFC 9110 §8.3.1: parameters', expected: issues, group: 'type' },
  noMediaTypes: {
    source: 'RFC 9110 §8.3: Content-Type is a SHOULD',
    expected: issues,
    group: 'type',
  },
  plainProblems: {
    source: 'RFC 8555 §6.7: problem documents are a SHOULD, their type too',
    expected: issues,
  },
  capitalHeaders: { source: 'RFC 9110 §5.1: field names have no case', expected: issues },
  chunked: { source: 'RFC 9112 §7.1: no length told before', expected: issues },
  closesConnections: { source: 'RFC 9112 §9.6: a server closes when it likes', expected: issues },
  redirects: {
    source: 'RFC 9110 §15.4: the directory is elsewhere',
    expected: 'IssuerAnswerInvalid',
  },
  indexLinks: { source: 'RFC 8555 §7.1: Link relation "index", beside others', expected: issues },
  wideJson: { source: 'RFC 8259 §2: white space between tokens', expected: issues },
  unknownFields: {
    source: 'RFC 8555 §9.7: fields that the client does not know',
    expected: issues,
  },
  nullFields: { source: 'RFC 8259 §3: null for what is not there (Telia)', expected: issues },

  // Nonces
  nonceByHeadOnly: {
    source: 'RFC 8555 §7.2 forbids it (Infisical until 2026, acme2certifier#71)',
    expected: issues,
  },
  nonceWith200: {
    source: 'RFC 8555 §7.2: 204 is a SHOULD',
    expected: issues,
    group: 'nonce-status',
  },
  longNonces: { source: 'RFC 8555 §6.5.1: no longest', expected: issues },
  refusesNonces: { source: 'RFC 8555 §6.5: any nonce may be refused', expected: issues },

  // Directory and account
  noMeta: { source: 'RFC 8555 §7.1.1: meta is optional', expected: issues, group: 'meta' },
  richMeta: {
    source: 'RFC 8555 §7.1.1, §9.7.6: fields of others in meta',
    expected: issues,
    group: 'meta',
  },
  fewResources: {
    source: 'RFC 8555 §7.1.1: a server may have no newAuthz, and some no keyChange',
    expected: issues,
  },
  renewalInfo: { source: 'RFC 9773 §3: renewal information', expected: issues },
  profiles: { source: 'draft-ietf-acme-profiles §3: profiles nobody asked for', expected: issues },
  accountAlways200: { source: 'RFC 8555 §7.3.1: an account that exists already', expected: issues },
  bareAccount: { source: 'RFC 8555 §7.1.2: only status and orders are required', expected: issues },
  maskedContact: {
    source: 'RFC 8555 §7.3: a server may show what it has made of the contact',
    expected: issues,
  },
  bindsLookups: {
    source: 'RFC 8555 §7.3.4: a binding to look up, too (ansible community.crypto#918)',
    expected: issues,
    group: 'account',
  },
  newTerms: { source: 'RFC 8555 §7.3.3: terms that have changed', expected: 'IssuerRefused' },
  deactivated: {
    source: 'RFC 8555 §7.3.6: an account that a server has deactivated',
    expected: 'IssuerRefused',
    group: 'account',
  },

  // Orders
  refusesName: {
    source: 'RFC 8555 §6.7.1: rejectedIdentifier in a compound problem',
    expected: 'IssuerRefused',
  },
  limitsOnce: { source: 'RFC 8555 §6.6: rateLimited with an HTTP-date', expected: issues },
  failsOnce: {
    source: 'RFC 9110 §15.6.4: 503 with a page of HTML',
    expected: issues,
    failures: 1,
  },
  ownErrors: {
    source: 'RFC 8555 §6.7: types of the server itself',
    expected: 'IssuerRefused',
  },
  readyAtOnce: {
    source: 'RFC 8555 §7.4: all authorizations are valid before',
    expected: issues,
    group: 'authorization',
  },
  noAuthorizations: {
    source: 'RFC 8555 §7.1.3: none are required (Venafi: left out once ready)',
    expected: issues,
  },
  bareValidOrder: { source: 'RFC 8555 §7.1.3 (Entrust: no finalize once valid)', expected: issues },
  emptyReplaces: { source: 'RFC 9773 §5 (Telia: "replaces": "")', expected: issues },
  noExpires: {
    source: 'RFC 8555 §7.1.3: optional but for pending and valid',
    expected: issues,
    group: 'expires',
  },
  oddExpires: {
    source: 'RFC 3339 §5.6: fractions and offsets',
    expected: issues,
    group: 'expires',
  },
  pastExpires: {
    source: 'RFC 3339 §4.1: a clock that is wrong',
    expected: issues,
    group: 'expires',
  },
  capitalNames: { source: 'RFC 4343 §2: names have no case', expected: issues },
  otherOrder: { source: 'RFC 8555 §7.1.3: identifiers in another order', expected: issues },
  longProcessing: {
    source: 'RFC 8555 §7.4: processing, with Retry-After',
    expected: issues,
    group: 'finalize',
  },
  httpDates: { source: 'RFC 9110 §10.2.3: Retry-After as a date', expected: issues },
  retryAfterZero: { source: 'RFC 9110 §10.2.3: no delay', expected: issues, group: 'retry' },
  retryAfterDay: {
    source: 'RFC 8555 §7.5.1 (ZeroSSL: a day, though it takes seconds)',
    expected: issues,
    group: 'retry',
  },
  validAtFinalize: {
    source: 'RFC 8555 §7.4: valid in the answer to finalize',
    expected: issues,
    group: 'finalize',
  },
  failsFinalize: {
    source: 'RFC 8555 §7.4: 500, but the order goes on',
    expected: issues,
    group: 'finalize',
  },
  forgetsOrders: {
    source: 'RFC 8555 §7.1.6: nothing says how long an order that has been finalized is known',
    expected: 'OrderForgotten',
    group: 'finalize',
  },

  // Authorizations
  otherChallenges: {
    source: 'RFC 8555 §8: types that the client does not know are ignored',
    expected: issues,
  },
  oddTlsAlpn: {
    source: 'RFC 8737 §3: a type that is not wanted, with fields of its own',
    expected: issues,
  },
  onlyDns: {
    source: 'RFC 8555 §7.1.4: any choice of challenges',
    expected: issues,
    group: 'offered',
  },
  onlyHttp: {
    source: 'RFC 8555 §7.1.4: any choice of challenges',
    expected: 'ChallengeUnsupported',
    group: 'offered',
    hiddenBy: ['readyAtOnce', 'newTerms', 'deactivated', 'refusesName', 'ownErrors'],
  },
  longTokens: { source: 'RFC 8555 §8.1: no longest', expected: issues },
  slowOrders: {
    source: 'RFC 8555 §7.1.6: nothing says how soon an order is ready',
    expected: issues,
  },
  slowChallenges: { source: 'RFC 8555 §7.1.6: processing', expected: issues },
  retriedChallenges: {
    source: 'RFC 8555 §8.2: an error while the server retries',
    expected: issues,
  },
  oneForBoth: {
    source: 'RFC 8555 §7.1.3: authorizations are not one a name',
    expected: issues,
    group: 'authorization',
  },
  expiresFirst: {
    source: 'RFC 8555 §7.1.6: expired while the order is pending',
    expected: issues,
    orders: 2,
    group: 'authorization',
  },

  // Certificates
  rootIncluded: {
    source: 'RFC 8555 §7.4.2: the root is a SHOULD NOT',
    expected: issues,
    group: 'chain',
  },
  rootFirst: {
    source: 'RFC 8446 §4.4.2: chains come in any order',
    expected: issues,
    group: 'chain',
  },
  chainReversed: {
    source: 'RFC 8555 §7.4.2: the order of a chain is a SHOULD',
    expected: issues,
    group: 'chain',
  },
  twice: {
    source: 'Vault before 1.10 (hashicorp/vault#14348): the intermediate twice',
    expected: issues,
    group: 'chain',
  },
  crossSigned: {
    source: 'RFC 8446 §4.4.2: an intermediate of two roots',
    expected: issues,
    group: 'chain',
  },
  allCrosses: {
    source: 'RFC 5280 §3.2: cross-certificates, all of them',
    expected: issues,
    group: 'chain',
  },
  rollover: {
    source: 'RFC 4210 §4.4: new with old, self-issued',
    expected: issues,
    group: 'chain',
  },
  leafOnly: {
    source: 'a private CA whose root signs (hashicorp/vault#8407)',
    expected: issues,
    group: 'chain',
  },
  leafAndRoot: {
    source: 'a private CA whose root signs, and is sent',
    expected: issues,
    group: 'chain',
  },
  strangerOnly: {
    source: 'no chain of the leaf at all',
    expected: 'IssuerAnswerInvalid',
    group: 'chain',
  },
  extraName: { source: 'SSL.com, Actalis: one name and its www.', expected: issues },
  extraUri: { source: 'RFC 5280 §4.2.1.6: other kinds of names (SPIFFE)', expected: issues },
  lacksName: { source: 'RFC 8555 §7.4: must be what was ordered', expected: 'CertificateRejected' },
  beginsTomorrow: {
    source: 'BR 7.1.2.7: notBefore within 48 hours',
    expected: issues,
    group: 'validity',
  },
  backDated: {
    source: 'BR 7.1.2.7: notBefore up to 48 hours back',
    expected: issues,
    group: 'validity',
  },
  expired: {
    source: 'RFC 5280 §4.1.2.5: a cache that hands out the last one',
    expected: 'CertificateRejected',
    group: 'validity',
  },
  noKeyIdentifier: {
    source: 'RFC 5280 §4.2.1.1: absent in what is old or private',
    expected: issues,
  },
  commonName: { source: 'BR 7.1.4.3: a common name is optional', expected: issues },
  highSerial: { source: 'RFC 5280 §4.1.2.2: twenty octets, the first bit set', expected: issues },
  crlf: { source: 'RFC 7468 §3: any line ends', expected: issues, group: 'pem' },
  explained: { source: 'RFC 7468 §5.2: text before each block', expected: issues, group: 'pem' },
  oldLabel: {
    source: 'RFC 7468 §5.1: "X509 CERTIFICATE" is of old',
    expected: 'IssuerAnswerInvalid',
    group: 'pem',
  },
  lateCertificate: { source: 'RFC 9110 §10.2.3: 503 with Retry-After at first', expected: issues },
  alternates: { source: 'RFC 8555 §7.4.2: alternate chains', expected: issues },
} as const satisfies Readonly<Record<string, Freedom>>;

export type FreedomName = keyof typeof catalogue;

export const freedomNames = Object.keys(catalogue) as readonly FreedomName[];

export function freedom(name: FreedomName): Freedom {
  return catalogue[name];
}

import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import type { Limits } from '../limits.ts';
import { normalDirectory } from '../same-directory.ts';

/** Known facts about a CA, to refuse early what it would refuse late. */
export type KnownDirectory = {
  /** The name for people. */
  readonly title: string;
  /** No client trusts its certificates. */
  readonly staging?: true;
  /** The URL of its own staging directory, where renewals are rehearsed. */
  readonly rehearsal?: string;
  /** New accounts must be bound to one that the CA already knows (RFC 8555 §7.3.4). */
  readonly externalAccount?: true;
  /** Refuses an account without an address, but only at finalize. */
  readonly contact?: true;
  /** Free certificates have one name and its `www.`, without wildcards; the CA bills others. */
  readonly freeForOneName?: true;
  readonly mostNames?: number;
  /** The maximum by profile, where it differs. */
  readonly mostNamesOf?: Readonly<Record<string, number>>;
  readonly keys?: readonly KeyAlgorithm[];
  /** Names are approved in advance: orders are ready at once and offer no challenge. */
  readonly preApproved?: true;
  /** Somebody runs it privately: its own root may sign leaves, and clients are configured to trust it. */
  readonly private?: true;
  /** The CA documents that it obeys `accounturi` and `validationmethods` in CAA records (RFC 8657). */
  readonly caaParameters?: true;
  readonly limits?: Limits;
};

type Named = KnownDirectory & { readonly url: string };
type Matched = KnownDirectory & { readonly pattern: RegExp };

const rsa: readonly KeyAlgorithm[] = ['rsa-2048', 'rsa-3072', 'rsa-4096'];
const ecdsa: readonly KeyAlgorithm[] = ['ecdsa-p256', 'ecdsa-p384'];

// https://letsencrypt.org/docs/profiles/
const letsencrypt = {
  mostNames: 100,
  mostNamesOf: { tlsserver: 25, shortlived: 25 },
  // https://letsencrypt.org/docs/caa/
  caaParameters: true,
} as const;

// https://letsencrypt.org/docs/rate-limits/
const letsencryptLimits: Limits = {
  orders: { count: 300, perMs: 3 * hourMs },
  certificatesPerDomain: { count: 50, perMs: 7 * dayMs },
  certificatesPerNames: { count: 5, perMs: 7 * dayMs },
  failuresPerName: { count: 5, perMs: hourMs },
  failuresInARow: { count: 1_152, perMs: 1_152 * dayMs },
  sparesRenewals: true,
};

// https://letsencrypt.org/docs/staging-environment/
const letsencryptStagingLimits: Limits = {
  orders: { count: 1_500, perMs: 3 * hourMs },
  certificatesPerNames: { count: 30_000, perMs: 7 * dayMs },
  failuresPerName: { count: 200, perMs: hourMs },
  sparesRenewals: true,
};

const letsencryptStaging = 'https://acme-staging-v02.api.letsencrypt.org/directory';
const googleStaging = 'https://dv.acme-v02.test-api.pki.goog/directory';

const sslCom = { externalAccount: true, contact: true, freeForOneName: true } as const;

/** CAs by their name in `directory:`. Facts: https://poshac.me/docs/v4/Guides/ACME-CA-Comparison/. */
export const namedDirectories = {
  letsencrypt: {
    title: "Let's Encrypt",
    url: 'https://acme-v02.api.letsencrypt.org/directory',
    rehearsal: letsencryptStaging,
    limits: letsencryptLimits,
    ...letsencrypt,
  },
  'letsencrypt-staging': {
    title: "Let's Encrypt (staging)",
    url: letsencryptStaging,
    staging: true,
    limits: letsencryptStagingLimits,
    ...letsencrypt,
  },
  google: {
    title: 'Google Trust Services',
    url: 'https://dv.acme-v02.api.pki.goog/directory',
    rehearsal: googleStaging,
    externalAccount: true,
    mostNames: 100,
  },
  'google-staging': {
    title: 'Google Trust Services (staging)',
    url: googleStaging,
    staging: true,
    externalAccount: true,
    mostNames: 100,
  },
  zerossl: {
    title: 'ZeroSSL',
    url: 'https://acme.zerossl.com/v2/DV90',
    externalAccount: true,
  },
  'sslcom-rsa': {
    title: 'SSL.com (RSA)',
    url: 'https://acme.ssl.com/sslcom-dv-rsa',
    keys: rsa,
    ...sslCom,
  },
  'sslcom-ecc': {
    title: 'SSL.com (ECC)',
    url: 'https://acme.ssl.com/sslcom-dv-ecc',
    keys: ecdsa,
    ...sslCom,
  },
  actalis: {
    title: 'Actalis',
    url: 'https://acme-api.actalis.com/acme/directory',
    externalAccount: true,
    freeForOneName: true,
  },
} as const satisfies Readonly<Record<string, Named>>;

/** CAs with one directory per customer, recognized by the form of its URL. */
const matchedDirectories: readonly Matched[] = [
  {
    // https://docs.aws.amazon.com/acm/latest/userguide/acm-acme-endpoints.html
    title: 'AWS Certificate Manager',
    pattern: /^https:\/\/acm-acme-enroll\.[a-z0-9-]+\.api\.aws\/[^/]+\/directory$/,
    externalAccount: true,
    keys: ['rsa-2048', ...ecdsa],
    preApproved: true,
  },
  {
    title: 'Vault PKI',
    pattern: /^https:\/\/[^/]+\/v1\/(?:[^/]+\/)+acme\/directory$/,
    private: true,
  },
  {
    title: 'step-ca',
    pattern: /^https:\/\/[^/]+\/acme\/[^/]+\/directory$/,
    private: true,
  },
];

const byUrl = new Map<string, Named>(
  Object.values<Named>(namedDirectories).map((known) => [known.url, known]),
);

/** Null for an unknown CA. */
export function knownDirectory(url: string): KnownDirectory | null {
  const normal = normalDirectory(url);
  return (
    byUrl.get(normal) ?? matchedDirectories.find(({ pattern }) => pattern.test(normal)) ?? null
  );
}

/** Says whether the public trusts, or would trust, its certificates. False where that is unknown. */
export function isPublicCa(url: string): boolean {
  const known = knownDirectory(url);
  return known !== null && !known.private;
}

/** The URL of a named directory; null for an unknown name. */
export function directoryNamed(name: string): string | null {
  const known: Readonly<Record<string, Named>> = namedDirectories;
  return Object.hasOwn(known, name) ? (known[name]?.url ?? null) : null;
}

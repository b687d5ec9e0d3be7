import { createHash } from 'node:crypto';
import type { CertificateConfig } from '#shared/config/config.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import type { Limit, LimitKind } from '#shared/issuers/limits.ts';
import { sameDirectory } from '#shared/issuers/same-directory.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { putAside } from '#shared/ledger/record/chosen.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { limitsOf } from './limits.ts';

/** One bucket that an order draws on. */
export type Charge = {
  /** The key within the CA's book. */
  readonly key: string;
  readonly kind: LimitKind;
  readonly limit: Limit;
  /** The unit in words, for people: `certificates for names below example.com`. */
  readonly of: string;
};

/**
 * How the CA classifies an order. `advised`: it replaces a certificate within the window that the CA suggested. `renewal`:
 * the CA issued the same names not long ago.
 */
export type Standing = 'new' | 'renewal' | 'advised';

/** https://letsencrypt.org/docs/rate-limits/#non-ari-renewals, as Boulder counts it. */
const renewalMs = 120 * dayMs;

export function standingOf(
  certificate: Pick<CertificateConfig, 'names'>,
  issuer: IssuerConfig,
  record: CertificateRecord,
  { replaces, now }: { readonly replaces: boolean; readonly now: Date },
): Standing {
  if (!limitsOf(issuer).sparesRenewals) return 'new';
  const version = desiredVersion(record);
  // The advice is about the version in service, and the order may replace the one that was put aside for it.
  const window = version && !putAside(record) && adviceOn(record, version)?.window;
  const at = now.toISOString();
  if (replaces && window && window.start <= at && at < window.end) return 'advised';
  return hasIssued(certificate, issuer, record, now) ? 'renewal' : 'new';
}

/** Says whether the CA issued the same names not long ago. */
function hasIssued(
  certificate: Pick<CertificateConfig, 'names'>,
  { directory }: IssuerConfig,
  { versions }: CertificateRecord,
  now: Date,
): boolean {
  const names = namesKey(certificate.names);
  return versions.some(
    (each) =>
      namesKey(each.names) === names &&
      sameDirectory(each.origin?.directory, directory) &&
      addMs(new Date(each.issuedAt), renewalMs) > now,
  );
}

/**
 * The cost of issuing a certificate. Boulder checks no limit for an advised renewal, but counts it: always against its
 * exact set of names, and against its domains unless it issued the same set within 120 days (ra.go,
 * countCertificateIssued).
 */
export function issuanceChargesOf(
  certificate: Pick<CertificateConfig, 'names' | 'domains'>,
  issuer: { readonly name: string; readonly config: IssuerConfig },
  record: CertificateRecord,
  now: Date,
): readonly Charge[] {
  const spares = limitsOf(issuer.config).sparesRenewals;
  const isRenewal = spares && hasIssued(certificate, issuer.config, record, now);
  return chargesOf(certificate, issuer, isRenewal ? 'renewal' : 'new');
}

/**
 * Every limit that an order of a certificate depends on at an issuer
 * (https://letsencrypt.org/docs/rate-limits/#limit-exemptions-for-renewals).
 */
export function chargesOf(
  { names, domains }: Pick<CertificateConfig, 'names' | 'domains'>,
  issuer: { readonly name: string; readonly config: IssuerConfig },
  standing: Standing,
): readonly Charge[] {
  if (standing === 'advised') return [];
  const limits = limitsOf(issuer.config);
  const charge = (kind: LimitKind, subject: string, of: string): readonly Charge[] => {
    const limit = limits[kind];
    return limit ? [{ key: `${kind}:${subject}`, kind, limit, of }] : [];
  };
  const forNew = () => [
    ...charge('orders', accountKeyName(issuer.config), 'orders'),
    ...domains.flatMap((domain) =>
      charge('certificatesPerDomain', domain, `certificates for names below ${domain}`),
    ),
  ];
  return [
    ...(standing === 'new' ? forNew() : []),
    ...charge('certificatesPerNames', namesKey(names), 'certificates for exactly these names'),
    ...failureCharges(names, issuer),
  ];
}

/** The cost of a failed validation of these names. */
export function failureCharges(
  names: readonly string[],
  issuer: { readonly name: string; readonly config: IssuerConfig },
): readonly Charge[] {
  const limits = limitsOf(issuer.config);
  return (['failuresPerName', 'failuresInARow'] as const).flatMap((kind) => {
    const limit = limits[kind];
    if (!limit) return [];
    // A wildcard is validated by the name below its `*.`.
    const validated = new Set(names.map((name) => name.replace(/^\*\./, '')));
    return [...validated].map((name) => ({
      key: `${kind}:${accountKeyName(issuer.config)}:${name}`,
      kind,
      limit,
      of: `failed validations of ${name}`,
    }));
  });
}

/** The event at which a CA counts: orders when they are created, certificates when they are issued. */
export function countsAt({ kind }: Charge): 'order' | 'issuance' | 'failure' {
  switch (kind) {
    case 'orders':
      return 'order';
    case 'certificatesPerDomain':
    case 'certificatesPerNames':
      return 'issuance';
    case 'failuresPerName':
    case 'failuresInARow':
      return 'failure';
  }
}

/** The key of a set of names, independent of their order. */
function namesKey(names: readonly string[]): string {
  const set = [...new Set(names)].sort().join(',');
  return createHash('sha256').update(set).digest('hex').slice(0, 16);
}

/** This share of a limit is reserved for orders that cannot wait, where the limit is large enough. */
const keptBack = 1 / 10;

/** Applies only to limits that all certificates of an account or a domain share. */
export function keptBackOf({ kind, limit }: Charge): number {
  const isShared = kind === 'orders' || kind === 'certificatesPerDomain';
  return isShared ? Math.floor(limit.count * keptBack) : 0;
}

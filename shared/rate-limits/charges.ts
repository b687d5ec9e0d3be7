import { createHash } from 'node:crypto';
import type { CertificateConfig } from '#shared/config/config.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import type { Limit, LimitKind } from '#shared/issuers/limits.ts';
import { sameDirectory } from '#shared/issuers/same-directory.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { limitsOf } from './limits.ts';

/** One bucket that an order depends on. */
export type Charge = {
  /** Within the book of the CA. */
  readonly key: string;
  readonly kind: LimitKind;
  readonly limit: Limit;
  /** What is counted, for a person: `certificates for names below example.com`. */
  readonly of: string;
};

/**
 * What an order is to the CA. `advised`: it replaces a certificate within the window that the CA suggested.
 * `renewal`: the same names were issued by it not long ago.
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
  const window = version && adviceOn(record, version)?.window;
  const at = now.toISOString();
  if (replaces && window && window.start <= at && at < window.end) return 'advised';
  return hasIssued(certificate, issuer, record, now) ? 'renewal' : 'new';
}

/** Whether the CA has issued the same names not long ago. */
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
 * What a certificate takes when it is issued. Boulder asks no limit of an advised renewal, and counts it all the same:
 * of its exact set of names always, and of its domains unless it issued the same set within 120 days (ra.go,
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
 * All that an order of a certificate depends on at an issuer
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

/** What a failed validation of these names costs. */
export function failureCharges(
  names: readonly string[],
  issuer: { readonly name: string; readonly config: IssuerConfig },
): readonly Charge[] {
  const limits = limitsOf(issuer.config);
  return (['failuresPerName', 'failuresInARow'] as const).flatMap((kind) => {
    const limit = limits[kind];
    if (!limit) return [];
    // A wildcard is validated by the name below which it is.
    const validated = new Set(names.map((name) => name.replace(/^\*\./, '')));
    return [...validated].map((name) => ({
      key: `${kind}:${accountKeyName(issuer.config)}:${name}`,
      kind,
      limit,
      of: `failed validations of ${name}`,
    }));
  });
}

/** When a bucket is taken from: CAs count orders as they are made, and certificates as they are issued. */
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

/** The same for the same set, in whatever order. */
function namesKey(names: readonly string[]): string {
  const set = [...new Set(names)].sort().join(',');
  return createHash('sha256').update(set).digest('hex').slice(0, 16);
}

/** What is kept back for those that cannot wait, of limits that are large enough to have a tenth. */
const keptBack = 1 / 10;

/** Only of what all certificates of an account or a domain share. */
export function keptBackOf({ kind, limit }: Charge): number {
  const isShared = kind === 'orders' || kind === 'certificatesPerDomain';
  return isShared ? Math.floor(limit.count * keptBack) : 0;
}

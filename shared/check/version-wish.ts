import type { CertificateConfig } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import { obstacleTo, versionBefore } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { revokingVersion } from '#shared/ledger/record/revoking.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { isDone, type Wish } from './operator-request.ts';

/** Wishes that are about one version of a certificate. */
export const versionWishes = [
  'rollback',
  'bar',
  'unbar',
  'revoke',
] as const satisfies readonly Wish['kind'][];

type Concerned = {
  readonly certificate: Pick<CertificateConfig, 'id' | 'names' | 'rotation'>;
  readonly record: CertificateRecord;
};

/**
 * Returns the wish with the version of each certificate that it is about, before anything is written. Pure.
 * @throws CertkeepError VersionNotUsable, with every certificate for which there is none
 */
export function withVersions(wish: Wish, concerned: readonly Concerned[], now: Date): Wish {
  const found = concerned
    .filter(({ record }) => !isDone(record, wish))
    .map((each) => ({ id: each.certificate.id, ...versionFor(wish, each, now) }));
  const problems = found.flatMap(({ id, problem }) => (problem ? [`${id}: ${problem}`] : []));
  if (problems.length > 0) throw new CertkeepError('VersionNotUsable', problems.join('; '));
  const versions = found.map(({ id, version }) => [id, version?.id ?? ''] as const);
  const keepKeys = concerned.filter(({ certificate }) => certificate.rotation === 'reuse');
  const leaked =
    wish.code === 'keyCompromise' ? keepKeys.map(({ certificate }) => certificate.id) : [];
  return { ...wish, versions: new Map(versions), leaked: new Set(leaked) };
}

type Found = { readonly version?: Version; readonly problem?: string };

function versionFor(wish: Wish, { certificate, record }: Concerned, now: Date): Found {
  const { kind, version: wanted } = wish;
  if (wanted !== undefined) {
    const version = record.versions.find(({ id, serial }) => [id, serial].includes(wanted));
    if (!version) return { problem: `there is no version ${wanted}; ${listed(record)}` };
    if (kind === 'rollback') return putBackable(record, version, certificate, now);
    return kind === 'revoke' ? revocable(record, version) : { version };
  }
  switch (kind) {
    case 'rollback': {
      const version = versionBefore(record, certificate.names, now);
      return version ? { version } : { problem: nothingBefore(record, certificate, now) };
    }
    case 'unbar': {
      const { versionId } = record.barred.at(-1) ?? {};
      const version = record.versions.find(({ id }) => id === versionId);
      return version ? { version } : { problem: 'no version is barred' };
    }
    default: {
      const version = record.versions.find(({ id }) => id === record.desired);
      if (!version) return { problem: 'there is no certificate yet' };
      return kind === 'revoke' ? revocable(record, version) : { version };
    }
  }
}

function putBackable(
  record: CertificateRecord,
  version: Version,
  { names }: Concerned['certificate'],
  now: Date,
): Found {
  if (version.id === record.desired) return { problem: `${version.id} is in service already` };
  const obstacle = obstacleTo(record, version, names, now);
  return obstacle ? { problem: `${version.id} cannot be put back: ${obstacle}` } : { version };
}

/** One at a time: the record keeps one wish, and would forget the earlier. */
function revocable(record: CertificateRecord, version: Version): Found {
  if (isRevoked(record, version)) return { problem: `${version.id} is revoked already` };
  const pending = revokingVersion(record);
  if (pending && pending.id !== version.id) {
    return { problem: `${pending.id} is to be revoked first, once its successor is served` };
  }
  return { version };
}

function nothingBefore(
  record: CertificateRecord,
  { names }: Concerned['certificate'],
  now: Date,
): string {
  const index = record.versions.findIndex(({ id }) => id === record.desired);
  const earlier = record.versions.slice(0, Math.max(0, index));
  if (earlier.length === 0) return 'there is no earlier version';
  const why = earlier.map((each) => `${each.id}: ${obstacleTo(record, each, names, now)}`);
  return `no earlier version can be put back (${why.join('; ')})`;
}

function listed({ versions }: CertificateRecord): string {
  return versions.length === 0
    ? 'there is none yet'
    : `there are ${versions.map(({ id }) => id).join(', ')}`;
}

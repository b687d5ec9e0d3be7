import { foreignFields } from '#shared/ledger/ledger-object.ts';
import {
  type CertificateRecord,
  revocationSchema,
  type Version,
} from '#shared/ledger/record/record.ts';
import { revocationOf } from '#shared/ledger/revoked.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { isRecalled, type Recalls } from './recalls.ts';

/** The entry of a revocation list about one certificate. */
export type Revocation = {
  readonly revokedAt: Date | null;
  readonly reason: string | null;
  /** The time by which the CA replaces the list, as the list says. */
  readonly nextUpdate: Date;
};

/** A list that is valid for a week is replaced much sooner when something is revoked. */
const latestMs = dayMs;
const soonestMs = hourMs;
const longestWaitMs = dayMs;

/** Returns only a version that names a list, has not expired and is not known to be revoked. */
export function revocationDue(
  record: Pick<CertificateRecord, 'revocation'>,
  version: Version,
  { recalls, now }: { readonly recalls: Recalls; readonly now: Date },
): boolean {
  if (!version.crlUrl || new Date(version.notAfter) <= now) return false;
  const known = revocationOf(record, version);
  if (known?.revokedAt) return false;
  if (known === null || new Date(known.nextCheckAt) <= now) return true;
  return isRecalled(recalls, version.origin?.directory ?? '', known.askedAt, now);
}

export function withRevocation(
  record: CertificateRecord,
  version: Pick<Version, 'id'>,
  { revokedAt, reason, nextUpdate }: Revocation,
  now: Date,
): CertificateRecord {
  const waitMs = nextUpdate.getTime() - now.getTime();
  const known = revokedAt ? withRevoked(record, version, revokedAt) : record;
  return {
    ...known,
    revocation: {
      ...foreignFields(revocationSchema, revocationOf(record, version)),
      versionId: version.id,
      revokedAt: revokedAt?.toISOString() ?? null,
      reason,
      askedAt: now.toISOString(),
      nextCheckAt: addMs(now, Math.min(Math.max(waitMs, soonestMs), latestMs)).toISOString(),
      failures: 0,
      failure: null,
    },
  };
}

/** Noted on the version itself, since the next look concerns its successor. */
function withRevoked(
  record: CertificateRecord,
  { id }: Pick<Version, 'id'>,
  revokedAt: Date,
): CertificateRecord {
  const versions = record.versions.map((version) =>
    version.id === id ? { ...version, revokedAt: revokedAt.toISOString() } : version,
  );
  return { ...record, versions };
}

/** Written before the list is requested: a run that dies counts as one that could not get it. */
export function withQuestion(
  record: CertificateRecord,
  version: Pick<Version, 'id'>,
  now: Date,
): CertificateRecord {
  const unanswered = new Error('the run that asked for the list has not come back');
  return withoutRevocation(record, version, unanswered, now);
}

/** An unavailable list says nothing: it is requested again after one, two, four … hours. */
export function withoutRevocation(
  record: CertificateRecord,
  version: Pick<Version, 'id'>,
  error: Error,
  now: Date,
): CertificateRecord {
  const failures = (revocationOf(record, version)?.failures ?? 0) + 1;
  const waitMs = Math.min(hourMs * 2 ** (failures - 1), longestWaitMs);
  return {
    ...record,
    revocation: {
      ...foreignFields(revocationSchema, revocationOf(record, version)),
      versionId: version.id,
      revokedAt: null,
      reason: null,
      askedAt: now.toISOString(),
      nextCheckAt: addMs(now, waitMs).toISOString(),
      failures,
      failure: { at: now.toISOString(), message: error.message.slice(0, 500) },
    },
  };
}

import type { Config } from '#shared/config/config.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { revokingVersion } from '#shared/ledger/record/revoking.ts';
import { placesOf } from '#shared/targets/identities.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';

/** The number of versions that always stay for a rollback. */
const newestKept = 3;

/**
 * The maximum number of kept versions, including the one that is being stored: a secret takes 20 labels
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html), three of which are AWSCURRENT,
 * AWSPREVIOUS and that of the next key, and some may be somebody else's.
 */
const mostKept = 12;

/** A rollback never uses a version that ends within a day (deploy/rollback/rollback-plan.ts). */
const stillLastsMs = dayMs;

/** The places of a configured certificate, and those that are being cleaned up. */
export function placesInUse(
  certificateId: string,
  { certificates, home, retired }: Pick<Config, 'certificates' | 'home' | 'retired'>,
): ReadonlySet<string> {
  const certificate = certificates.find(({ id }) => id === certificateId);
  return new Set([...(certificate ? placesOf(certificate, home) : []), ...retired.places]);
}

/**
 * Returns the versions that stay beside one that is being stored: the desired one, the newest ones, and those that an
 * import or a deployment in one of these places may have to put back. A place that has left gives up its versions, and so
 * do those that end soon: a secret that is full of labels takes no key any more. Sorted as in the record, the oldest first.
 */
export function keptVersions(
  record: CertificateRecord,
  places: ReadonlySet<string>,
  now: Date,
): readonly string[] {
  const named = namedIn(record, places);
  const newest = new Set(record.versions.slice(-newestKept).map(({ id }) => id));
  const lasting = addMs(now, stillLastsMs);
  const kept = record.versions.filter(
    ({ id, notAfter }) =>
      id === record.desired || newest.has(id) || (named.has(id) && new Date(notAfter) > lasting),
  );
  const surplus = Math.max(0, kept.length - (mostKept - 1));
  const dropped = new Set(kept.filter(({ id }) => id !== record.desired).slice(0, surplus));
  return kept.filter((version) => !dropped.has(version)).map(({ id }) => id);
}

function namedIn(
  record: CertificateRecord,
  places: ReadonlySet<string>,
): ReadonlySet<string | null> {
  const named = new Set<string | null>([
    record.chosen?.versionId ?? null,
    revokingVersion(record)?.id ?? null,
  ]);
  for (const [place, entry] of Object.entries(record.imports)) {
    if (!places.has(place)) continue;
    named.add(entry.versionId).add(entry.importing).add(entry.previousVersionId);
  }
  for (const { place, previous, versionId } of Object.values(record.deployments)) {
    if (places.has(place)) named.add(versionId).add(previous?.versionId ?? null);
  }
  return named;
}

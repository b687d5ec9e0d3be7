import { addMs, dayMs } from '#shared/time/clock.ts';
import { isRevoked } from '../revoked.ts';
import { type CertificateRecord, desiredVersion, type Version } from './record.ts';

/*
 * A person may put an earlier version back into service. It stays until the given time, or until a newer version is issued.
 * Then, if nothing newer was issued, the version that was put aside is served again.
 */

/** A choice that nobody remembers must end. */
export const longestChoiceMs = 90 * dayMs;

/** A certificate that ends within a day is not put back (deploy/rollback/previous-state.ts). */
const lastsMs = dayMs;

/** Returns the version that belongs into service: the one that a person chose, else the newest one. Null for no version. */
export function versionToServe(
  record: CertificateRecord,
  names: readonly string[],
  now: Date,
): Version | null {
  const desired = desiredVersion(record);
  if (!desired) return null;
  const usable = usableVersions(record, names, now);
  const chosen = chosenAmong(usable, record, now);
  if (chosen) return chosen;
  const after = usable.filter((each) => indexIn(record, each) > indexIn(record, desired));
  const newer = after.at(-1);
  if (newer) return newer;
  // A barred version leaves at once, as long as an earlier one can take its place.
  return isBarred(record, desired) ? (usable.at(-1) ?? desired) : desired;
}

/** Returns the newest version that can be put back instead of the one in service; null where there is none. */
export function versionBefore(
  record: CertificateRecord,
  names: readonly string[],
  now: Date,
): Version | null {
  const desired = desiredVersion(record);
  if (!desired) return null;
  const usable = usableVersions(record, names, now);
  return usable.filter((each) => indexIn(record, each) < indexIn(record, desired)).at(-1) ?? null;
}

/** Says why a version cannot be put into service; null where it can. */
export function obstacleTo(
  record: CertificateRecord,
  version: Version,
  names: readonly string[],
  now: Date,
): string | null {
  if (version.unusable) return version.unusable;
  if (isBarred(record, version)) return 'it is barred';
  if (isRevoked(record, version)) return 'it is revoked';
  if (record.revoking?.versionId === version.id) return 'it is to be revoked';
  if (new Date(version.notAfter) <= addMs(now, lastsMs)) return 'it ends within a day';
  const lacking = names.filter((name) => !version.names.includes(name));
  return lacking.length > 0 ? `it lacks ${lacking.join(', ')}` : null;
}

/** The line of the history for a version that could not be put into service. */
export function notServedText({ id }: Pick<Version, 'id'>): string {
  return `version ${id} could not be put into service`;
}

/** Returns the version that a person wants in service now, whether it can be put there or not; null where nobody does. */
export function wantedBack(record: CertificateRecord, now: Date): Version | null {
  const { chosen, versions } = record;
  if (!chosen || isOvertaken(record)) return null;
  if (chosen.until !== null && new Date(chosen.until) <= now) return null;
  return versions.find(({ id }) => id === chosen.versionId) ?? null;
}

/** Says whether a person keeps the version out of service. */
export function isBarred(
  { barred }: Pick<CertificateRecord, 'barred'>,
  { id }: Pick<Version, 'id'>,
): boolean {
  return barred.some(({ versionId }) => versionId === id);
}

/**
 * Returns the newest version while an earlier one is in service because a person chose it; null otherwise. Its time, and
 * not that of the one in service, says when the next one is due.
 */
export function putAside(record: CertificateRecord): Version | null {
  const { chosen, desired, versions } = record;
  const newest = versions.at(-1);
  if (!newest || !chosen || isOvertaken(record)) return null;
  return chosen.versionId === desired && newest.id !== desired ? newest : null;
}

function usableVersions(
  record: CertificateRecord,
  names: readonly string[],
  now: Date,
): readonly Version[] {
  return record.versions.filter((each) => obstacleTo(record, each, names, now) === null);
}

function chosenAmong(
  usable: readonly Version[],
  record: CertificateRecord,
  now: Date,
): Version | null {
  const wanted = wantedBack(record, now);
  return usable.find(({ id }) => id === wanted?.id) ?? null;
}

/** A version that was issued since ends the choice of a person. */
function isOvertaken({ chosen, versions }: CertificateRecord): boolean {
  return versions.some(({ issuedAt }) => issuedAt > (chosen?.at ?? ''));
}

function indexIn({ versions }: CertificateRecord, { id }: Version): number {
  return versions.findIndex((each) => each.id === id);
}

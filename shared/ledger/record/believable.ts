import { dayMs, hourMs } from '#shared/time/clock.ts';
import { longestRunMs } from '#shared/time/invocation.ts';
import { longestFailureMs } from '../backoff.ts';
import { longestChoiceMs } from './chosen.ts';
import { longestPauseMs } from './pause.ts';
import { type CertificateRecord, desiredVersion, type Version } from './record.ts';
import { type Cut, cutTimes, isAhead, past, type Times } from './times.ts';

export const failureTimes = { lastAt: past, nextAttemptAt: longestFailureMs } as const;
const seen = { at: past } as const;

/**
 * Every time in a record that somebody waits for or counts from. Times stated by CAs and certificates are not among them.
 */
export const recordTimes: Times = {
  updatedAt: past,
  attempt: { startedAt: past, waitingSince: past, lookAgainAt: longestFailureMs },
  acquireFailure: failureTimes,
  dueWhenIssued: { failure: failureTimes },
  forced: seen,
  overriddenAt: past,
  paused: { at: past, until: longestPauseMs },
  chosen: { at: past, until: longestChoiceMs },
  barred: { each: seen },
  revoking: seen,
  revokeTried: { wish: past, doneAt: past, failure: failureTimes },
  rehearsing: seen,
  rehearsed: { wish: past, triedAt: past, doneAt: past },
  retried: seen,
  sentEvents: { each: seen },
  leases: { each: { until: longestRunMs } },
  imports: {
    each: {
      importedAt: past,
      publishFailure: failureTimes,
      leaving: { lookAgainAt: longestFailureMs, failure: failureTimes },
      incident: seen,
      retired: {
        each: { lookAgainAt: 3 * dayMs, unusedSince: past, use: { since: past } },
      },
    },
  },
  deployments: {
    each: {
      changedAt: past,
      changes: { each: seen },
      provenAt: past,
      probe: { at: past, contradictedSince: past },
      endpoint: { lookedAt: past, settledAt: past, spreadingSince: past },
      drift: { seenAt: past },
      pushed: { at: past, lookAt: hourMs },
      nextProbeAt: longestFailureMs,
      failure: failureTimes,
    },
  },
  txt: { each: { out: seen } },
  replicas: { each: { syncedAt: past } },
  renewalInfo: { window: { learnedAt: past }, askedAt: past, nextCheckAt: dayMs, failure: seen },
  revocation: { askedAt: past, nextCheckAt: dayMs, failure: seen },
  fallbacks: { each: { provenAt: past, nextCheckAt: 30 * dayMs, failure: seen } },
};

/**
 * Corrects impossible values of a record: no lease runs longer than a run, and nothing waits for a time that no release
 * would write. Otherwise anybody who can write a record could keep a certificate from being renewed, and people from
 * hearing of it. Pure.
 */
export function believable(record: CertificateRecord, now: Date): Cut<CertificateRecord> {
  const { value, cuts } = cutTimes(record, recordTimes, now);
  const versions = value.versions.map((version) => believableVersion(version, value, now));
  const changed = versions.filter((version, index) => version !== value.versions[index]);
  const lived = changed.length === 0 ? value : { ...value, versions };
  const waited = withinLife(lived, now);
  const more = [
    ...changed.map(({ id }) => `versions.${id}: it cannot begin or end then`),
    ...(waited === lived ? [] : ['acquireFailure.nextAttemptAt: after the end of the certificate']),
  ];
  return more.length === 0 ? { value, cuts } : { value: waited, cuts: [...cuts, ...more] };
}

/** Nothing waits past the end of the certificate (backoff.ts). */
function withinLife(record: CertificateRecord, now: Date): CertificateRecord {
  const { acquireFailure } = record;
  const version = desiredVersion(record);
  if (!acquireFailure || !version || new Date(version.notAfter) <= now) return record;
  // A failure after an earlier end may date from before this version.
  if (acquireFailure.lastAt < version.issuedAt) return record;
  if (new Date(acquireFailure.nextAttemptAt) <= new Date(version.notAfter)) return record;
  return { ...record, acquireFailure: { ...acquireFailure, nextAttemptAt: now.toISOString() } };
}

/** A certificate without a believable beginning counts as expired: it is renewed, and its successor's dates are known. */
const longAgo = new Date(0).toISOString();

/**
 * A version in the record has already begun, and ends when an endpoint that provably serves it says so, or sooner: later
 * dates would delay its renewal.
 */
function believableVersion(version: Version, record: CertificateRecord, now: Date): Version {
  const hasBegun = (at: string) => !isAhead(at, now, past) && at < version.notAfter;
  const { issuedAt, notBefore } = version;
  const ends = endsSeen(version, record);
  const isEarlier = ends !== null && addHour(ends) < version.notAfter;
  if (hasBegun(issuedAt) && hasBegun(notBefore) && !isEarlier) return version;
  const begins = [notBefore, issuedAt].find(hasBegun) ?? longAgo;
  return {
    ...version,
    notBefore: hasBegun(notBefore) ? notBefore : begins,
    issuedAt: hasBegun(issuedAt) ? issuedAt : begins,
    ...(isEarlier && { notAfter: ends }),
  };
}

function endsSeen({ id }: Version, { deployments }: CertificateRecord): string | null {
  const seen = Object.values(deployments).flatMap(({ probe, versionId }) =>
    versionId === id && probe?.outcome === 'proven' ? (probe.served?.notAfter ?? []) : [],
  );
  return seen.sort()[0] ?? null;
}

function addHour(at: string): string {
  return new Date(Date.parse(at) + hourMs).toISOString();
}

import { CertkeepError } from '#shared/errors.ts';
import { nextFailure } from '#shared/ledger/backoff.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { issueFailedEvent } from '../events.ts';
import { settledAt } from './renewal-time.ts';
import { configurationChanged, type Reason, type Situation } from './rules.ts';

/** The CA may say so later: a key may leak on the first day, and only a repetition is strange. */
const ofCa: readonly Reason['rule'][] = ['revoked', 'may-be-revoked', 'renewal-advised'];
/** Reasons in the certificate itself or from its CA; all others are a person's wish. */
const ofCertificate: readonly Reason['rule'][] = [
  ...ofCa,
  'expired',
  'ends-soon',
  'lifetime-passed',
];

/**
 * Says whether a version must be replaced within the first tenth of its life because of its own properties: a fault of the
 * CA or of the configuration, which another one like it does not repair.
 */
export function isDueWhenIssued({ rule }: Reason, situation: Situation): boolean {
  const version = desiredVersion(situation.record);
  if (!version || !ofCertificate.includes(rule) || configurationChanged(situation)) return false;
  // Once that is known, its wait is kept, however short its life.
  return putOffUntil(situation.record) !== null || situation.now < settledAt(version);
}

/** Returns until when the next version is put off; null while that is to be written down. */
export function putOffUntil(record: CertificateRecord): Date | null {
  const { desired, dueWhenIssued } = record;
  return dueWhenIssued?.versionId === desired
    ? new Date(dueWhenIssued.failure.nextAttemptAt)
    : null;
}

/**
 * Returns the issuer whose certificates were due when they were issued, at least two in a row; null where there is none.
 */
export function doubtedIssuer(record: CertificateRecord): string | null {
  const isRepeated = putOffUntil(record) && (record.dueWhenIssued?.failure.count ?? 0) > 1;
  return isRepeated ? (desiredVersion(record)?.issuer ?? null) : null;
}

/** Says whether a version replaces one that was due when it was issued, and people know. */
export function isKnownToRepeat(
  { dueWhenIssued }: CertificateRecord,
  version: Version,
  now: Date,
): boolean {
  const ofAnother = dueWhenIssued != null && dueWhenIssued.versionId !== version.id;
  return ofAnother && now < settledAt(version);
}

/** A problem that stays is reported again after this many versions. */
const toldAgainAfter = 7;

/** Writes down that the version in service was due when it was issued, with the growing wait for the next one. */
export function putOff(
  record: CertificateRecord,
  reason: Reason,
  { now, delaysMs, jitter }: PutOffRun,
): CertificateRecord {
  const version = desiredVersion(record);
  if (!version || putOffUntil(record)) return record;
  const message = `the certificate that ${version.issuer} issued at ${version.issuedAt}, valid until ${version.notAfter}, was due at once: ${reason.text}`;
  const error = new CertkeepError('DueWhenIssued', message);
  const endOfLife = new Date(version.notAfter);
  const counted = nextFailure(
    record.dueWhenIssued?.failure ?? null,
    { name: error.name, message, retryAt: null },
    now,
    { delaysMs, jitter, endOfLife },
  );
  const isStrange = counted.count > 1 || !ofCa.includes(reason.rule);
  const failure = isStrange ? counted : { ...counted, nextAttemptAt: now.toISOString() };
  const noted = withHistory(
    { ...record, dueWhenIssued: { versionId: version.id, failure } },
    { at: now.toISOString(), stage: 'issue', what: 'due when it was issued', why: reason.text },
  );
  if (!isTold(failure.count, reason)) return noted;
  return withEvent(
    noted,
    issueFailedEvent(record.id, version, failure, {
      error,
      notAfter: version.notAfter,
      nextIssuer: null,
      link: null,
    }),
  );
}

/** Called when another version is begun: only versions that are replaced for their own properties count in a row. */
export function onlyInARow(record: CertificateRecord): CertificateRecord {
  if (!record.dueWhenIssued || putOffUntil(record)) return record;
  return { ...record, dueWhenIssued: null };
}

type PutOffRun = {
  readonly now: Date;
  readonly delaysMs: readonly number[];
  /** 0 to 1. */
  readonly jitter: number;
};

function isTold(count: number, { rule }: Reason): boolean {
  const first = ofCa.includes(rule) ? 2 : 1;
  return count >= first && (count - first) % toldAgainAfter === 0;
}

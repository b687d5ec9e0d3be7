import type { CertificateConfig } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import { problemOf } from '#shared/issuers/acme/problem.ts';
import { isWorthTelling } from '#shared/ledger/backoff.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
  type Failure,
  type LedgerEvent,
} from '#shared/ledger/record/record.ts';
import { attemptOf, newAttempt, withoutOrder } from '../attempt.ts';
import { issueFailedEvent } from '../events.ts';
import type { FailureDecision } from './decide-failure.ts';
import { failingOf } from './fault.ts';
import { sinceWhen } from './patience.ts';

/*
 * The transitions of `acquireFailure`, which stop an attempt or let it go on, with their changes of the attempt. The
 * diagram of both is in attempt.ts.
 */

type Met = {
  readonly attemptId: string;
  readonly error: unknown;
  readonly now: Date;
};

export type Failed = Met & {
  readonly certificate: CertificateConfig;
  /** The id of the attempt that replaces it, if one does. */
  readonly renewedId: string;
  /** The page that the CA wants a person to visit, if it is one of its own. */
  readonly link: string | null;
};

type After<Becomes> = Extract<FailureDecision, { readonly becomes: Becomes }>;

/** The attempt waits for the CA or DNS, which is not a failure. */
export function parked(
  record: CertificateRecord,
  met: Met,
  { until }: Pick<After<'parked'>, 'until'>,
): CertificateRecord {
  return { ...record, attempt: { ...stopped(record, met), lookAgainAt: until.toISOString() } };
}

/** The attempt waits for a rate limit, whose time is in the failure. */
export function limited(
  record: CertificateRecord,
  met: Met,
  { failure }: Pick<After<'limited'>, 'failure'>,
): CertificateRecord {
  return { ...record, attempt: stopped(record, met), acquireFailure: failure };
}

/** The event, where people are to hear of it, is part of the same write. */
export function failed(
  record: CertificateRecord,
  run: Failed,
  { failure, faults, goesOnWith }: Omit<After<'failed'>, 'becomes'>,
): CertificateRecord {
  const mustVisit = (problemOf(run.error)?.link ?? null) !== null;
  const after = {
    ...record,
    attempt: { ...nextOf(record, run, goesOnWith), faults },
    acquireFailure: { ...failure, ...(mustVisit && { page: run.link }) },
  };
  if (!isWorthTelling(failure)) return after;
  return withEvent(
    after,
    eventOf(record, run, failure, { nextIssuer: null, link: run.link, mustVisit }),
  );
}

function nextOf(
  record: CertificateRecord,
  run: Failed,
  goesOnWith: After<'failed'>['goesOnWith'],
): Attempt {
  switch (goesOnWith) {
    case 'the-same-order':
      return stopped(record, run);
    case 'another-order':
      return { ...stopped(record, run), ...withoutOrder };
    case 'another-key':
      return anew(attemptOf(record, run.attemptId), run);
  }
}

/** Another issuer has another account and another order, and gets another key. */
export function handedOver(
  record: CertificateRecord,
  run: Failed,
  { failure, to: { issuer, tried, atOnce } }: Omit<After<'handed-over'>, 'becomes'>,
): CertificateRecord {
  const before = attemptOf(record, run.attemptId);
  const at = run.now.toISOString();
  const nextAttemptAt = atOnce ? at : failure.nextAttemptAt;
  const why = `${failure.error} at ${before.issuer}: ${failingOf(run.error).why}`;
  const after = withHistory(
    {
      ...record,
      attempt: { ...anew(before, run), issuer, tried: [...tried], faults: 0 },
      acquireFailure: { ...failure, nextAttemptAt, ...(atOnce && { count: 0 }) },
    },
    { at, stage: 'issue', what: `handed over to ${issuer}`, why },
  );
  const told = { ...failure, nextAttemptAt };
  return withEvent(after, eventOf(record, run, told, { nextIssuer: issuer, link: null }));
}

/**
 * A run made progress and had no time for everything: nothing waits, and earlier runs without progress do not count any
 * more.
 */
export function wentOn(
  record: CertificateRecord,
  { attemptId, now }: Omit<Met, 'error'>,
): CertificateRecord {
  const attempt = { ...attemptOf(record, attemptId), lookAgainAt: null };
  if (!record.acquireFailure) return { ...record, attempt };
  const { passing = 0, ...failure } = record.acquireFailure;
  const count = failure.error === 'RunOutOfTime' ? failure.count - passing : failure.count;
  const next = { ...failure, count, nextAttemptAt: now.toISOString() };
  return { ...record, attempt, acquireFailure: count > 0 ? next : null };
}

/** Returns the attempt unchanged, with its wait. */
function stopped(record: CertificateRecord, { attemptId, error, now }: Met): Attempt {
  const attempt = attemptOf(record, attemptId);
  return { ...attempt, ...sinceWhen(attempt, error, now), lookAgainAt: null };
}

/** Returns the same renewal with another key and another order. */
function anew(
  { configuration, issuer, reason, reuseKey, tried = [] }: Attempt,
  { certificate, now, renewedId }: Failed,
): Attempt {
  const isReused = reuseKey === true && certificate.rotation === 'reuse';
  const begins = { reason, issuer, configuration, reuseKey: isReused, now };
  return { ...newAttempt(renewedId, certificate, begins), tried };
}

type Told = Pick<Parameters<typeof issueFailedEvent>[3], 'nextIssuer' | 'link' | 'mustVisit'>;

function eventOf(
  record: CertificateRecord,
  { attemptId, error }: Met,
  failure: Failure,
  told: Told,
): LedgerEvent {
  return issueFailedEvent(record.id, attemptOf(record, attemptId), failure, {
    error: error instanceof CertkeepError ? error : null,
    notAfter: desiredVersion(record)?.notAfter ?? null,
    ...told,
  });
}

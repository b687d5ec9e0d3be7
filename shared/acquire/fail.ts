import { randomUUID } from 'node:crypto';
import { addMs, type Clock, minuteMs } from '#shared/clock.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { CertkeepError, errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { nextFailure, parkUntil } from '#shared/ledger/backoff.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withEvent } from '#shared/ledger/outbox.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
  type Failure,
} from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import { attemptOf, newAttempt } from './attempt.ts';
import { issueFailedEvent } from './events.ts';
import type { IssueOutcome } from './issue.ts';

type FailPorts = {
  readonly ledger: Pick<Ledger, 'update'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

/**
 * Writes down why an attempt did not get through and when it is looked at again. Waiting for the CA or
 * DNS, and a rate limit, are not failures: the attempt is parked as it is. Errors that certkeep has no
 * name for are written down too and thrown on, so that the run itself fails and is seen.
 */
export async function failAttempt(
  ports: FailPorts,
  certificate: CertificateConfig,
  attemptId: string,
  error: unknown,
): Promise<IssueOutcome> {
  if (isCertkeepError(error, 'LeaseLost')) return 'busy';
  const { clock, ledger, log } = ports;
  const waits = isCertkeepError(error) && isWaiting(error);
  const fields = {
    stage: 'issue',
    certificate: certificate.id,
    outcome: errorName(error),
  } as const;
  // Before anything is written: the ledger may be what fails, and must not hide why.
  if (waits) log.info('waiting', { ...fields, reason: errorMessage(error) });
  else log.warn('attempt failed', { ...fields, reason: errorMessage(error) });
  const run = {
    attemptId,
    renewedId: randomUUID(),
    error,
    now: clock.now(),
    jitter: Math.random(),
    delaysMs: ports.retryDelaysMs,
  };
  const { desired } = await ledger.update(certificate.id, (record) => {
    // The write that made it desired was taken; only its answer was lost.
    if (record.desired === attemptId) return record;
    return waits ? waiting(record, run) : failed(record, certificate, run);
  });
  if (desired === attemptId) return 'issued';
  if (waits) return 'waiting';
  if (!(error instanceof CertkeepError)) throw error;
  return 'failed';
}

/** A rate limit without a time counts as a failure, so that the waits grow. */
function isWaiting(error: CertkeepError): boolean {
  if (error.name === 'IssuerRateLimited') return error.retryAt !== null;
  return error.name === 'OrderTimedOut' || error.name === 'DnsChangeTimedOut';
}

/**
 * A rate limit may be days: it is kept with its time of arrival, so that a force skips this one and not
 * those that follow. The other waits are short.
 */
function waiting(record: CertificateRecord, run: FailedRun): CertificateRecord {
  const attempt = { ...attemptOf(record, run.attemptId), lookAgainAt: null };
  if (isCertkeepError(run.error, 'IssuerRateLimited')) {
    return { ...record, attempt, acquireFailure: failureOf(record, run) };
  }
  const asked = isCertkeepError(run.error) ? run.error.retryAt : null;
  const until = parkUntil(asked ?? addMs(run.now, minuteMs), run.now, {
    endOfLife: endOfLife(record),
  });
  return { ...record, attempt: { ...attempt, lookAgainAt: until.toISOString() } };
}

function failureOf(record: CertificateRecord, run: FailedRun): Failure {
  const retryAt = isCertkeepError(run.error) ? run.error.retryAt : null;
  return nextFailure(
    record.acquireFailure,
    { name: errorName(run.error), message: errorMessage(run.error), retryAt },
    run.now,
    { delaysMs: run.delaysMs, endOfLife: endOfLife(record), jitter: run.jitter },
  );
}

function endOfLife(record: CertificateRecord): Date | null {
  const version = desiredVersion(record);
  return version && new Date(version.notAfter);
}

type FailedRun = {
  readonly attemptId: string;
  readonly renewedId: string;
  readonly error: unknown;
  readonly now: Date;
  readonly jitter: number;
  readonly delaysMs: readonly number[];
};

function failed(
  record: CertificateRecord,
  certificate: CertificateConfig,
  run: FailedRun,
): CertificateRecord {
  const version = desiredVersion(record);
  const failure = failureOf(record, run);
  const known = run.error instanceof CertkeepError ? run.error : null;
  const before = attemptOf(record, run.attemptId);
  const attempt = isStuck(run.error, failure)
    ? renewed(before, certificate, run)
    : afterFailure(before, certificate, run);
  return withEvent(
    { ...record, attempt, acquireFailure: failure },
    issueFailedEvent(record.id, run.attemptId, failure, known, version?.notAfter ?? null),
  );
}

/**
 * What the next try begins with. A refused order is dropped and the key kept, as no CSR has left with
 * it; once a CSR has, the next try takes a new key with a new attempt, which finalizes its own order.
 */
function afterFailure(attempt: Attempt, certificate: CertificateConfig, run: FailedRun): Attempt {
  if (isCertkeepError(run.error, 'CertificateRejected')) return renewed(attempt, certificate, run);
  if (!isCertkeepError(run.error, 'OrderInvalid')) return { ...attempt, lookAgainAt: null };
  if (attempt.csr) return renewed(attempt, certificate, run);
  return { ...attempt, orderUrl: null, finalizeUrl: null, lookAgainAt: null };
}

/** With the usual waits more than a day after the first: no hiccup any more. */
const stuckAfterFailures = 5;

/** What a CA that answers keeps refusing begins anew now and then: the order itself may be the reason. */
function isStuck(error: unknown, { count }: Failure): boolean {
  const answered =
    isCertkeepError(error, 'IssuerRefused') || isCertkeepError(error, 'IssuerAnswerInvalid');
  return answered && count % stuckAfterFailures === 0;
}

function renewed(attempt: Attempt, certificate: CertificateConfig, run: FailedRun): Attempt {
  const { configuration, issuer, reason, reuseKey = false } = attempt;
  const begins = { reason, issuer, configuration, reuseKey, now: run.now };
  return newAttempt(run.renewedId, certificate, begins);
}

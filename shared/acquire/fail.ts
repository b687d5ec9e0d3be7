import { randomUUID } from 'node:crypto';
import { addMs, type Clock, minuteMs } from '#shared/clock.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { CertkeepError, errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { nextFailure, parkUntil } from '#shared/ledger/backoff.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withEvent } from '#shared/ledger/outbox.ts';
import { type Attempt, type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
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
  const now = clock.now();
  const fields = {
    stage: 'issue',
    certificate: certificate.id,
    reason: errorMessage(error),
  } as const;
  if (isCertkeepError(error) && isWaiting(error)) {
    const retryAt = error.retryAt ?? addMs(now, minuteMs);
    const { attempt } = await ledger.update(certificate.id, (record) =>
      parked(record, attemptId, parkUntil(retryAt, now, { endOfLife: endOfLife(record) })),
    );
    log.info('waiting', { ...fields, outcome: error.name, until: attempt?.lookAgainAt });
    return 'waiting';
  }
  const renewedId = randomUUID();
  const jitter = Math.random();
  await ledger.update(certificate.id, (record) =>
    failed(record, certificate, {
      attemptId,
      renewedId,
      error,
      now,
      jitter,
      delaysMs: ports.retryDelaysMs,
    }),
  );
  log.warn('attempt failed', { ...fields, outcome: errorName(error) });
  if (!(error instanceof CertkeepError)) throw error;
  return 'failed';
}

/** A rate limit without a time counts as a failure, so that the waits grow. */
function isWaiting(error: CertkeepError): boolean {
  if (error.name === 'IssuerRateLimited') return error.retryAt !== null;
  return error.name === 'OrderTimedOut' || error.name === 'DnsChangeTimedOut';
}

function parked(record: CertificateRecord, attemptId: string, until: Date): CertificateRecord {
  const attempt = { ...attemptOf(record, attemptId), lookAgainAt: until.toISOString() };
  return { ...record, attempt };
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
  const failure = nextFailure(
    record.acquireFailure,
    { name: errorName(run.error), message: errorMessage(run.error), retryAt: null },
    run.now,
    {
      delaysMs: run.delaysMs,
      endOfLife: endOfLife(record),
      jitter: run.jitter,
    },
  );
  const known = run.error instanceof CertkeepError ? run.error : null;
  const attempt = afterFailure(attemptOf(record, run.attemptId), certificate, run);
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

function renewed(attempt: Attempt, certificate: CertificateConfig, run: FailedRun): Attempt {
  return newAttempt(run.renewedId, certificate, attempt.reason, run.now);
}

import { randomUUID } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import {
  CertkeepError,
  type ErrorName,
  errorMessage,
  errorName,
  isCertkeepError,
} from '#shared/errors.ts';
import { problemOf } from '#shared/issuers/acme/problem.ts';
import { ownPage } from '#shared/issuers/own-page.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { isLimit, isWorthTelling, nextFailure, parkUntil } from '#shared/ledger/backoff.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
  type Failure,
} from '#shared/ledger/record/record.ts';
import { type Log, levelOf } from '#shared/log.ts';
import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import { attemptOf, newAttempt } from '../attempt.ts';
import { issueFailedEvent } from '../events.ts';
import type { IssueOutcome } from '../outcome.ts';
import { hasNoTime, outOfTime, progressOf } from '../progress.ts';
import { hear } from './choose-issuer.ts';
import { type Failover, failoverAfter } from './failover.ts';
import { failingOf, faultOf } from './fault.ts';
import type { IssuerBook } from './issuer-book.ts';
import { isWaiting, sinceWhen, waitedFor } from './patience.ts';

type FailPorts = {
  readonly ledger: Pick<Ledger, 'update'>;
  readonly issuerBook: IssuerBook;
  readonly config: Pick<Config, 'issuers'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

/**
 * Writes down why an attempt did not get through and when it is looked at again. Waiting for the CA or
 * DNS, and a rate limit, are not failures: the attempt is parked as it is. What is written down is not
 * thrown: the queue would only bring back what waits for its time.
 */
export async function failAttempt(
  ports: FailPorts,
  certificate: CertificateConfig,
  attemptId: string,
  thrown: unknown,
  /** How far it had come when the run began (`progressOf`). */
  begunAt: string | null = null,
): Promise<IssueOutcome> {
  if (isCertkeepError(thrown, 'LeaseLost')) return 'busy';
  const why = `the run had to end before a step was done: ${errorMessage(thrown)}`;
  const error = hasNoTime(thrown) ? outOfTime(why, thrown) : thrown;
  // A deadline that has passed is a fact like others, and must not keep it from being written.
  return withLastWord(() => written(ports, certificate, { attemptId, thrown: error, begunAt }));
}

type Ended = {
  readonly attemptId: string;
  readonly thrown: unknown;
  readonly begunAt: string | null;
};

async function written(
  ports: FailPorts,
  certificate: CertificateConfig,
  { attemptId, thrown, begunAt }: Ended,
): Promise<IssueOutcome> {
  // Before anything is read or written: the ledger may be what fails, and must not hide why.
  told(ports, certificate, thrown);
  const before = await ports.ledger.update(certificate.id, (record) => record);
  // The write that made it desired was taken; only its answer was lost.
  if (before.desired === attemptId) return 'issued';
  if (isCertkeepError(thrown, 'RunOutOfTime') && begunAt && progressOf(before) !== begunAt) {
    const now = ports.clock.now();
    await ports.ledger.update(certificate.id, (record) => goneOn(record, attemptId, now));
    return 'goes-on';
  }
  const attempt = attemptOf(before, attemptId);
  const { error, waits } = waitedFor(thrown, attempt, ports.clock.now());
  if (error !== thrown) told(ports, certificate, error);
  const run = {
    attemptId,
    renewedId: randomUUID(),
    error,
    link: linkIn(error, ports.config.issuers[attempt.issuer]),
    open: await hear(ports, certificate, attempt, error),
    now: ports.clock.now(),
    jitter: Math.random(),
    delaysMs: ports.retryDelaysMs,
  };
  const { desired } = await ports.ledger.update(certificate.id, (record) => {
    if (record.desired === attemptId) return record;
    const move = moveAfter(record, certificate, run);
    if (move) return moved(record, certificate, run, move);
    return waits ? waiting(record, run) : failed(record, certificate, run);
  });
  if (desired === attemptId) return 'issued';
  return waits ? 'waiting' : 'failed';
}

/** What a CA wants a person to visit, where that is a page of its own. */
function linkIn(error: unknown, issuer: IssuerConfig | undefined): string | null {
  return issuer ? ownPage(problemOf(error)?.link ?? null, issuer) : null;
}

/** Work that is larger than a run waits for nothing; that runs got nowhere before is over. */
function goneOn(record: CertificateRecord, attemptId: string, now: Date): CertificateRecord {
  const attempt = { ...attemptOf(record, attemptId), lookAgainAt: null };
  if (!record.acquireFailure) return { ...record, attempt };
  const { passing = 0, ...failure } = record.acquireFailure;
  const count = failure.error === 'RunOutOfTime' ? failure.count - passing : failure.count;
  const next = { ...failure, count, nextAttemptAt: now.toISOString() };
  return { ...record, attempt, acquireFailure: count > 0 ? next : null };
}

function told({ log }: FailPorts, { id }: CertificateConfig, error: unknown): void {
  const outcome = errorName(error);
  const fields = { stage: 'issue', certificate: id, outcome, reason: errorMessage(error) } as const;
  if (isCertkeepError(error) && isWaiting(error)) log.info('waiting', fields);
  else if (isCertkeepError(error, 'RunOutOfTime')) log.info('the run has no time for more', fields);
  else log[levelOf(error)]('attempt failed', fields);
}

/**
 * A rate limit may be days: it is kept with its time of arrival, so that a force skips this one and not
 * those that follow. The other waits are short.
 */
function waiting(record: CertificateRecord, run: FailedRun): CertificateRecord {
  const before = attemptOf(record, run.attemptId);
  const attempt = { ...before, ...sinceWhen(before, run.error, run.now), lookAgainAt: null };
  if (isLimit(errorName(run.error))) {
    return { ...record, attempt, acquireFailure: failureOf(record, run) };
  }
  const asked = isCertkeepError(run.error) ? run.error.retryAt : null;
  const until = parkUntil(asked ?? addMs(run.now, minuteMs), run.now, {
    endOfLife: endOfLife(record),
  });
  return { ...record, attempt: { ...attempt, lookAgainAt: until.toISOString() } };
}

function moveAfter(
  record: CertificateRecord,
  certificate: CertificateConfig,
  { attemptId, error, now, open }: FailedRun,
): Failover | null {
  const attempt = attemptOf(record, attemptId);
  const version = desiredVersion(record);
  return failoverAfter({ certificate, attempt, error, version, open, now });
}

/** Another issuer has another account and another order, and is given another key. */
function moved(
  record: CertificateRecord,
  certificate: CertificateConfig,
  run: FailedRun,
  { issuer, tried, atOnce }: Failover,
): CertificateRecord {
  const before = attemptOf(record, run.attemptId);
  const failure = failureOf(record, atOnce ? run : { ...run, error: withoutTime(run.error) });
  const next = atOnce ? { ...failure, count: 0, nextAttemptAt: run.now.toISOString() } : failure;
  const attempt = { ...renewed(before, certificate, run), issuer, tried: [...tried], faults: 0 };
  const version = desiredVersion(record);
  const known = run.error instanceof CertkeepError ? run.error : null;
  const handedOver = withHistory(
    { ...record, attempt, acquireFailure: next },
    {
      at: run.now.toISOString(),
      stage: 'issue',
      what: `handed over to ${issuer}`,
      why: `${failure.error} at ${before.issuer}: ${failingOf(run.error).why}`,
    },
  );
  return withEvent(
    handedOver,
    issueFailedEvent(
      record.id,
      before,
      { ...failure, nextAttemptAt: next.nextAttemptAt },
      {
        error: known,
        notAfter: version?.notAfter ?? null,
        nextIssuer: issuer,
        link: null,
      },
    ),
  );
}

/** The time that one CA asks for is not the next one's. */
function withoutTime(error: unknown): unknown {
  if (!(error instanceof CertkeepError)) return error;
  return new CertkeepError(error.name, error.message, { cause: error.cause });
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
  readonly link: string | null;
  readonly open: ReadonlySet<string>;
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
  const faults = faultsAfter(before, run.error);
  const attempt = isStuck(run.error, failure)
    ? renewed(before, certificate, run)
    : afterFailure(before, certificate, run);
  const changed = { ...record, attempt: { ...attempt, faults }, acquireFailure: failure };
  if (!isWorthTelling(failure)) return changed;
  return withEvent(
    changed,
    issueFailedEvent(record.id, before, failure, {
      error: known,
      notAfter: version?.notAfter ?? null,
      nextIssuer: null,
      link: run.link,
      mustVisit: (problemOf(run.error)?.link ?? null) !== null,
    }),
  );
}

/** In a row: a CA that refuses works. */
function faultsAfter({ faults = 0 }: Attempt, error: unknown): number {
  switch (faultOf(error)) {
    case 'theirs':
    case 'refusal':
    case 'unclear':
    // Limits with a time are not come to here.
    case 'limited':
      return faults + 1;
    case 'ours':
      return 0;
    case 'nobodys':
      return faults;
  }
}

/** The next try takes another key, and another order. */
const endsAttempt: readonly ErrorName[] = ['CertificateRejected', 'AttemptNotOurs'];

/**
 * What the next try begins with. A refused order is dropped and the key kept, as no CSR has left with
 * it; once a CSR has, the next try takes a new key with a new attempt, which finalizes its own order.
 */
function afterFailure(before: Attempt, certificate: CertificateConfig, run: FailedRun): Attempt {
  const { error } = run;
  const isUseless = endsAttempt.some((name) => isCertkeepError(error, name));
  if (isUseless) return renewed(before, certificate, run);
  const attempt = { ...before, ...sinceWhen(before, error, run.now), lookAgainAt: null };
  const isOver = isCertkeepError(error, 'OrderInvalid') || isCertkeepError(error, 'OrderForgotten');
  if (!isOver) return attempt;
  if (attempt.csr) return renewed(before, certificate, run);
  return { ...attempt, orderUrl: null, finalizeUrl: null };
}

/** With the usual waits more than a day after the first: no hiccup any more. */
const stuckAfterFailures = 5;

/** What a CA that answers keeps refusing begins anew now and then: the order itself may be the reason. */
function isStuck(error: unknown, { count }: Failure): boolean {
  const answered = (['IssuerRefused', 'IssuerAnswerInvalid', 'OrderStuck'] as const).some((name) =>
    isCertkeepError(error, name),
  );
  return answered && count % stuckAfterFailures === 0;
}

function renewed(attempt: Attempt, certificate: CertificateConfig, run: FailedRun): Attempt {
  const { configuration, issuer, reason } = attempt;
  const reuseKey = attempt.reuseKey === true && certificate.rotation === 'reuse';
  const begins = { reason, issuer, configuration, reuseKey, now: run.now };
  const { tried = [] } = attempt;
  return { ...newAttempt(run.renewedId, certificate, begins), tried };
}

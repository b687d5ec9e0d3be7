import { randomUUID } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { problemOf } from '#shared/issuers/acme/problem.ts';
import { ownPage } from '#shared/issuers/own-page.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { type Log, levelOf } from '#shared/log.ts';
import type { Clock } from '#shared/time/clock.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import { attemptOf } from '../attempt.ts';
import type { IssueOutcome } from '../outcome.ts';
import { hasNoTime, outOfTime, progressOf } from '../progress.ts';
import { type Failed, failed, handedOver, limited, parked, wentOn } from './acquire-failure.ts';
import { reportOutcome } from './choose-issuer.ts';
import { decideFailure, type FailedRun } from './decide-failure.ts';
import type { IssuerBook } from './issuer-book.ts';
import { isWaiting, waitedFor } from './patience.ts';

type FailPorts = {
  readonly mine: LeasedRecord;
  readonly issuerBook: IssuerBook;
  readonly config: Pick<Config, 'issuers'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

/**
 * Writes down why an attempt failed and when it is looked at again. Waiting for the CA or DNS, and a rate limit, are not
 * failures: the attempt is parked as it is. An error that was written down is not thrown: the queue would only repeat work
 * that waits for its time.
 */
export async function failAttempt(
  ports: FailPorts,
  certificate: CertificateConfig,
  attemptId: string,
  thrown: unknown,
  /** The progress at the start of the run (`progressOf`). */
  begunAt: string | null = null,
): Promise<IssueOutcome> {
  if (isCertkeepError(thrown, 'LeaseLost')) return 'busy';
  const why = `the run had to end before a step was done: ${errorMessage(thrown)}`;
  const error = hasNoTime(thrown) ? outOfTime(why, thrown) : thrown;
  // A passed deadline is a fact like others, and must not keep it from being written.
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
  // Logged before anything is read or written: the ledger may be what fails, and must not hide the reason.
  told(ports, certificate, thrown);
  const before = await ports.mine.read();
  // The write that made it desired succeeded; only its answer was lost.
  if (before.desired === attemptId) return 'issued';
  if (isCertkeepError(thrown, 'RunOutOfTime') && begunAt && progressOf(before) !== begunAt) {
    const now = ports.clock.now();
    await ports.mine.update((record) => wentOn(record, { attemptId, now }));
    return 'goes-on';
  }
  const attempt = attemptOf(before, attemptId);
  const { error, waits } = waitedFor(thrown, attempt, ports.clock.now());
  if (error !== thrown) told(ports, certificate, error);
  const run = {
    certificate,
    attemptId,
    renewedId: randomUUID(),
    error,
    waits,
    link: linkIn(error, ports.config.issuers[attempt.issuer]),
    open: await reportOutcome(ports, certificate, attempt, error),
    now: ports.clock.now(),
    jitter: Math.random(),
    delaysMs: ports.retryDelaysMs,
  };
  const { desired } = await ports.mine.update((record) =>
    record.desired === attemptId ? record : after(record, run),
  );
  if (desired === attemptId) return 'issued';
  return waits ? 'waiting' : 'failed';
}

/** Returns the page that a CA wants a person to visit, if it is the CA's own. */
function linkIn(error: unknown, issuer: IssuerConfig | undefined): string | null {
  return issuer ? ownPage(problemOf(error)?.link ?? null, issuer) : null;
}

function told({ log }: FailPorts, { id }: CertificateConfig, error: unknown): void {
  const outcome = errorName(error);
  const fields = { stage: 'issue', certificate: id, outcome, reason: errorMessage(error) } as const;
  if (isCertkeepError(error) && isWaiting(error)) log.info('waiting', fields);
  else if (isCertkeepError(error, 'RunOutOfTime')) log.info('the run has no time for more', fields);
  else log[levelOf(error)]('attempt failed', fields);
}

function after(record: CertificateRecord, run: FailedRun & Failed): CertificateRecord {
  const decision = decideFailure(record, run);
  switch (decision.becomes) {
    case 'handed-over':
      return handedOver(record, run, decision);
    case 'limited':
      return limited(record, run, decision);
    case 'parked':
      return parked(record, run, decision);
    case 'failed':
      return failed(record, run, decision);
  }
}

import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { isTurn, isWorthTelling, nextFailure } from '#shared/ledger/backoff.ts';
import type { Change } from '#shared/ledger/lease.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { CertificateRecord, Failure } from '#shared/ledger/record/record.ts';
import { isUnreadable } from '#shared/ledger/record/record-object.ts';
import { levelOf } from '#shared/log.ts';
import type { Stage } from '#shared/stage.ts';
import type { DeployContext } from './context.ts';
import { isWaiting } from './decide-deploy.ts';
import * as deployment from './deployment.ts';
import { isLeftToVerify, servedUntilOf } from './deployment-questions.ts';
import { failedEvent } from './events.ts';
import type { ServedEnds } from './rebind/served-at.ts';

export type Failed = {
  /** The keys of the targets concerned. */
  readonly keys: readonly string[];
  /** The subject of the event: one target, or the place whose import concerns them all. */
  readonly subject: { readonly key: string; readonly name: string };
  readonly error: unknown;
  readonly stage: Stage;
  /** True where the previous certificate could not be put back yet. */
  readonly isToPutBack?: boolean;
  /** True where the endpoint serves the wrong certificate meanwhile. */
  readonly isUrgent?: boolean;
  /** Set where the endpoints were asked for this failure. */
  readonly served?: ServedEnds;
};

/**
 * Writes down that a change did not happen, when it is tried again, and the message for people. Other targets go on. When
 * the run itself is over, its error is rethrown instead.
 */
export async function recordFailed(run: DeployContext, failed: Failed): Promise<void> {
  await run.mine.update(failing(run, failed));
}

/**
 * Returns the same as a change, to be written together with others.
 * @throws the error of a run that is over
 */
export function failing(run: DeployContext, failed: Failed): Change {
  const { error, stage } = failed;
  if (isOver(error)) throw error;
  const moment = { now: run.clock.now(), jitter: Math.random() };
  run.log[levelOf(error)]('deploy failed', {
    stage: isCertkeepError(error) ? error.stage : stage,
    certificate: run.certificate.id,
    outcome: errorName(error),
    reason: errorMessage(error),
    target: failed.subject.name,
  });
  return (record) => withFailed(record, run, failed, moment);
}

type Moment = { readonly now: Date; readonly jitter: number };

function withFailed(
  record: CertificateRecord,
  run: DeployContext,
  failed: Failed,
  moment: Moment,
): CertificateRecord {
  let changed = record;
  let told: Told | null = null;
  for (const key of failed.keys) {
    const attempt = { key, at: moment.now, servedUntil: failed.served?.get(key) };
    const tried = deployment.tried(changed, run, attempt);
    const known = tried.deployments[key];
    // A confirmed change that is left to verify is not undone by a later look that fails; if somebody changed the listener,
    // the change is not there.
    if (!known || isLeftToVerify(known)) continue;
    // Tried for the sake of another target: this one's time has not come.
    if (isWaiting(known, run.version, moment.now)) continue;
    const servedUntil = servedUntilOf(record, known);
    const failure = failureAfter(run, known.failure, failed.error, { ...moment, servedUntil });
    changed = failed.isToPutBack
      ? deployment.notPutBack(tried, key, failure)
      : deployment.failed(tried, key, failure);
    told = sooner(told, { before: known.failure, failure, servedUntil });
  }
  if (!told || !isTold(told.before, told.failure, failed)) return changed;
  const subject = { certificate: record.id, version: run.version, ...failed.subject };
  return withEvent(changed, failedEvent(subject, { ...told, ...failed }));
}

type Told = {
  readonly before: Failure | null;
  readonly failure: Failure;
  readonly servedUntil: string | null;
};

/** When targets fail together, people hear first of the one whose clients run out of time first. */
function sooner(one: Told | null, other: Told): Told {
  if (one === null) return other;
  if (other.servedUntil === null) return one;
  return one.servedUntil === null || other.servedUntil < one.servedUntil ? other : one;
}

/** While the wrong certificate is served, the first failure of any kind is reported. */
function isTold(
  before: Failure | null,
  failure: Failure,
  { error, isUrgent = false }: Failed,
): boolean {
  if (isTurn(failure.error)) return false;
  return isNews(before, failure, error) || (isUrgent && failure.count === 1);
}

/** An error that is reported once is news until it was reported for this target. */
export function isNews(before: Failure | null, failure: Failure, error: unknown): boolean {
  if (!isCertkeepError(error) || error.once === null) return isWorthTelling(failure);
  return before?.error !== failure.error || before.message !== failure.message;
}

export function failureAfter(
  run: Pick<DeployContext, 'retryDelaysMs'>,
  previous: Failure | null,
  error: unknown,
  { now, jitter, servedUntil }: Moment & { readonly servedUntil: string | null },
): Failure {
  const retryAt = isCertkeepError(error) ? error.retryAt : null;
  const cause = { name: errorName(error), message: errorMessage(error), retryAt };
  const endOfLife = servedUntil ? new Date(servedUntil) : null;
  return nextFailure(previous, cause, now, { delaysMs: run.retryDelaysMs, endOfLife, jitter });
}

/** Another run has taken over, or the ledger cannot be written: then nothing can be recorded either. */
export function isOver(error: unknown): boolean {
  return (
    isCertkeepError(error, 'LeaseLost') ||
    isCertkeepError(error, 'LedgerConflict') ||
    isUnreadable(error)
  );
}

import type { CertificateConfig } from '#shared/config/config.ts';
import {
  CertkeepError,
  type ErrorName,
  errorMessage,
  errorName,
  isCertkeepError,
} from '#shared/errors.ts';
import { isLimit, nextFailure, parkUntil } from '#shared/ledger/backoff.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
  type Failure,
} from '#shared/ledger/record/record.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { attemptOf } from '../attempt.ts';
import { type Failover, failoverAfter } from './failover.ts';
import { faultOf } from './fault.ts';

/** The facts about a run that failed. Random values are drawn before, so that deciding is pure. */
export type FailedRun = {
  readonly certificate: CertificateConfig;
  readonly attemptId: string;
  readonly error: unknown;
  /** True if the error is a wait and not a failure (`waitedFor`). */
  readonly waits: boolean;
  /** Issuers that do not work, as other certificates found. */
  readonly open: ReadonlySet<string>;
  readonly now: Date;
  /** 0 to 1. */
  readonly jitter: number;
  readonly delaysMs: readonly number[];
};

export type FailureDecision =
  /** Another issuer takes over. */
  | { readonly becomes: 'handed-over'; readonly failure: Failure; readonly to: Failover }
  /** A rate limit may last days: it is kept with its time of arrival, so that a force skips this one and not later ones. */
  | { readonly becomes: 'limited'; readonly failure: Failure }
  /** The other waits are short. */
  | { readonly becomes: 'parked'; readonly until: Date }
  | {
      readonly becomes: 'failed';
      readonly failure: Failure;
      readonly goesOnWith: 'the-same-order' | 'another-order' | 'another-key';
      /** The faults of this issuer in a row. */
      readonly faults: number;
    };

/**
 * Decides how an attempt continues that a run could not finish. Called inside the write, so that it sees the present
 * record.
 */
export function decideFailure(record: CertificateRecord, run: FailedRun): FailureDecision {
  const { certificate, error, now, open } = run;
  const attempt = attemptOf(record, run.attemptId);
  const version = desiredVersion(record);
  const to = failoverAfter({ certificate, attempt, error, version, open, now });
  if (to) {
    const failure = failureAfter(record, run, to.atOnce ? error : withoutTime(error));
    return { becomes: 'handed-over', failure, to };
  }
  if (run.waits && !isLimit(errorName(error))) {
    return { becomes: 'parked', until: parkedUntil(record, run) };
  }
  const failure = failureAfter(record, run, error);
  if (run.waits) return { becomes: 'limited', failure };
  const goesOnWith = isStuck(error, failure) ? 'another-key' : whatIsLeft(attempt, error);
  return { becomes: 'failed', failure, goesOnWith, faults: faultsAfter(attempt, error) };
}

function parkedUntil(record: CertificateRecord, { error, now }: FailedRun): Date {
  const asked = isCertkeepError(error) ? error.retryAt : null;
  return parkUntil(asked ?? addMs(now, minuteMs), now, { endOfLife: endOfLife(record) });
}

function failureAfter(
  record: CertificateRecord,
  { now, delaysMs, jitter }: FailedRun,
  error: unknown,
): Failure {
  const retryAt = isCertkeepError(error) ? error.retryAt : null;
  return nextFailure(
    record.acquireFailure,
    { name: errorName(error), message: errorMessage(error), retryAt },
    now,
    { delaysMs, endOfLife: endOfLife(record), jitter },
  );
}

function endOfLife(record: CertificateRecord): Date | null {
  const version = desiredVersion(record);
  return version && new Date(version.notAfter);
}

/** The time that one CA asks for does not apply to the next one. */
function withoutTime(error: unknown): unknown {
  if (!(error instanceof CertkeepError)) return error;
  return new CertkeepError(error.name, error.message, { cause: error.cause });
}

/** With the usual waits more than a day after the first: not a hiccup any more. */
const stuckAfterFailures = 5;

/** An order that an answering CA keeps refusing is replaced now and then: the order itself may be the reason. */
function isStuck(error: unknown, { count }: Failure): boolean {
  const answered = (['IssuerRefused', 'IssuerAnswerInvalid', 'OrderStuck'] as const).some((name) =>
    isCertkeepError(error, name),
  );
  return answered && count % stuckAfterFailures === 0;
}

/** After these errors the next try takes another key and another order. */
const endsAttempt: readonly ErrorName[] = ['CertificateRejected', 'AttemptNotOurs'];

/**
 * Returns what the next try begins with. A refused order is dropped and the key kept, as no CSR was sent with it; once a
 * CSR was, the next try takes a new key with a new attempt, which finalizes its own order.
 */
function whatIsLeft({ csr }: Attempt, error: unknown) {
  if (endsAttempt.some((name) => isCertkeepError(error, name))) return 'another-key';
  const isOver = isCertkeepError(error, 'OrderInvalid') || isCertkeepError(error, 'OrderForgotten');
  if (!isOver) return 'the-same-order';
  return csr ? 'another-key' : 'another-order';
}

/** Counts faults in a row: a CA that refuses works. */
function faultsAfter({ faults = 0 }: Attempt, error: unknown): number {
  switch (faultOf(error)) {
    case 'theirs':
    case 'refusal':
    case 'unclear':
    // Limits with a time do not reach this point.
    case 'limited':
      return faults + 1;
    case 'ours':
      return 0;
    case 'nobodys':
      return faults;
  }
}

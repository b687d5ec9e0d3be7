import type { CertificateConfig } from '#shared/config/config.ts';
import { isLimit } from '#shared/ledger/backoff.ts';
import type { Attempt, CertificateRecord } from '#shared/ledger/record/record.ts';
import { lookDue } from './advice/look-due.ts';
import { sameLimits } from './configuration.ts';
import { doubtedIssuer, isDueWhenIssued, putOffUntil } from './renewal/due-when-issued.ts';
import {
  heldUntil,
  needsNewKey,
  type Reason,
  reasonToIssue,
  type Situation,
} from './renewal/rules.ts';

type IssueDecision =
  /** Begin a new attempt; one that no longer fits the configuration is given up. */
  | {
      readonly action: 'begin';
      readonly reason: Reason;
      /** Whether the key in service may not be taken over, although the configuration says so. */
      readonly needsNewKey: boolean;
      /** Whom to ask last. */
      readonly doubted?: string | null;
    }
  /** What is in service was due when it was issued: that is to be written down, with the wait for the next one. */
  | { readonly action: 'put-off'; readonly reason: Reason }
  /** Go on with the attempt in the record. */
  | { readonly action: 'resume'; readonly attempt: Attempt }
  /** A failure or the CA asks us to wait. */
  | { readonly action: 'wait'; readonly until: Date }
  /** Nothing to issue, but an obsolete attempt or challenge values of ours are still there. */
  | { readonly action: 'clean-up' }
  | { readonly action: 'none' };

export type AcquireDecision =
  | IssueDecision
  /** Nothing to issue now, as far as is known: the CA is to be asked what it says of the certificate. */
  | { readonly action: 'look' };

type Situated = Situation & {
  /** From `configurationOf`; without it only the certificate's own lines are compared. */
  readonly configuration?: string;
};

/**
 * What acquiring has to do now. A changed configuration and a force skip every waiting; the end of a
 * certificate's life is already in the failure's own time (ledger/backoff.ts). What the CA has to say is asked for
 * also while an attempt waits or fails: it may be a reason that does not wait.
 */
export function decideAcquire(situation: Situated): AcquireDecision {
  const decision = decideIssue(situation);
  const { action } = decision;
  if (action === 'wait' && asksCa(situation)) return { action: 'look' };
  const isIdle = action === 'none' || (action === 'wait' && !situation.record.attempt);
  return isIdle && lookDue(situation).length > 0 ? { action: 'look' } : decision;
}

/** The same without what is only to be asked. */
export function decideIssue(situation: Situated): IssueDecision {
  const { record, now } = situation;
  const { acquireFailure, attempt } = record;
  const reason = reasonToIssue(situation);
  const held = reason && heldUntil(reason, situation);
  if (attempt && isUsable(attempt, situation)) {
    // What began in a window and is only slow goes on: it would begin anew in every window.
    if (held && acquireFailure && !attempt.csr) return { action: 'wait', until: held };
    // Once a CSR has left, the certificate may exist at the CA: giving it up would waste one of few. Whether it does, the
    // order says: without a reason no other one is made.
    if (reason || (attempt.csr && attempt.orderUrl)) {
      const { configuration = attempt.configuration } = situation;
      const isNew = configuration !== attempt.configuration;
      // Somebody may have mended a failure; what a CA limits it still does.
      const isLimited = acquireFailure !== null && isLimit(acquireFailure.error);
      if (isNew && !(isLimited && sameLimits(configuration, attempt.configuration))) {
        return { action: 'resume', attempt };
      }
      return resumeOrWait(record, attempt, now);
    }
  } else if (held) {
    return { action: 'wait', until: held };
  } else if (reason) {
    if (isDueWhenIssued(reason, situation)) {
      const until = putOffUntil(record);
      if (!until) return { action: 'put-off', reason };
      if (until > now) return { action: 'wait', until };
    }
    const doubted = doubtedIssuer(record);
    return { action: 'begin', reason, needsNewKey: needsNewKey(situation), doubted };
  }
  if (attempt || record.txt.length > 0) return { action: 'clean-up' };
  return { action: 'none' };
}

/** Whether the CA is to be asked about the certificate in service, whatever else is under way. */
export function asksCa(situation: Situation): boolean {
  return lookDue(situation).some((look) => look !== 'fallback');
}

function resumeOrWait(record: CertificateRecord, attempt: Attempt, now: Date): IssueDecision {
  const until = waitingUntil(record, attempt);
  return until && until > now ? { action: 'wait', until } : { action: 'resume', attempt };
}

/** Whether an attempt would still give the certificate that the configuration asks for. */
export function fits(attempt: Attempt, certificate: CertificateConfig): boolean {
  return (
    certificate.issuers.includes(attempt.issuer) &&
    attempt.keyAlgorithm === certificate.key &&
    attempt.names.length === certificate.names.length &&
    attempt.names.every((name) => certificate.names.includes(name))
  );
}

/** One with the id of a version would bring that one's key back: certkeep began none such. */
function isUsable(attempt: Attempt, situation: Situation): boolean {
  const { certificate, record } = situation;
  if (record.versions.some(({ id }) => id === attempt.id)) return false;
  return fits(attempt, certificate) && !takesBadKey(attempt, situation);
}

/** A force or a revocation may speak of the key that an attempt took over before. */
function takesBadKey({ reuseKey }: Attempt, situation: Situation): boolean {
  return reuseKey === true && needsNewKey(situation);
}

function waitingUntil(record: CertificateRecord, attempt: Attempt): Date | null {
  const failure = record.acquireFailure;
  const times: number[] = [];
  if (failure && !forcedSince(record, failure.lastAt))
    times.push(Date.parse(failure.nextAttemptAt));
  if (attempt.lookAgainAt && !forcedSince(record, attempt.startedAt)) {
    times.push(Date.parse(attempt.lookAgainAt));
  }
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

function forcedSince(record: CertificateRecord, instant: string): boolean {
  return record.forced !== null && record.forced.at > instant;
}

import type { CertificateConfig } from '#shared/config/config.ts';
import type { Attempt, CertificateRecord } from '#shared/ledger/record.ts';
import { lookDue } from './look-due.ts';
import { heldUntil, needsNewKey, type Reason, reasonToIssue, type Situation } from './rules.ts';

export type AcquireDecision =
  /** Begin a new attempt; one that no longer fits the configuration is given up. */
  | { readonly action: 'begin'; readonly reason: Reason }
  /** Go on with the attempt in the record. */
  | { readonly action: 'resume'; readonly attempt: Attempt }
  /** A failure or the CA asks us to wait. */
  | { readonly action: 'wait'; readonly until: Date }
  /** Nothing to issue now, as far as is known: the CA is to be asked what it says of the certificate. */
  | { readonly action: 'look' }
  /** Nothing to issue, but an obsolete attempt or challenge values of ours are still there. */
  | { readonly action: 'clean-up' }
  | { readonly action: 'none' };

/**
 * What acquiring has to do now. A changed configuration and a force skip every waiting; the end of a
 * certificate's life is already in the failure's own time (ledger/backoff.ts).
 */
export function decideAcquire(
  situation: Situation & {
    /** From `configurationOf`; without it only the certificate's own lines are compared. */
    readonly configuration?: string;
  },
): AcquireDecision {
  const { certificate, record, now } = situation;
  const { attempt } = record;
  const reason = reasonToIssue(situation);
  const held = reason && heldUntil(reason, situation);
  if (attempt && fits(attempt, certificate) && !takesBadKey(attempt, reason)) {
    if (held && !attempt.csr) return { action: 'wait', until: held };
    // Once a CSR has left, the certificate may exist at the CA: giving it up would waste one of few.
    if (reason || attempt.csr) {
      const { configuration = attempt.configuration } = situation;
      if (configuration !== attempt.configuration) return { action: 'resume', attempt };
      return resumeOrWait(record, attempt, now);
    }
  } else if (held) {
    // What the CA has to say may be a reason that does not wait.
    const asks = !attempt && lookDue(situation).length > 0;
    return asks ? { action: 'look' } : { action: 'wait', until: held };
  } else if (reason) {
    return { action: 'begin', reason };
  }
  if (attempt || record.txt.length > 0) return { action: 'clean-up' };
  return lookDue(situation).length > 0 ? { action: 'look' } : { action: 'none' };
}

function resumeOrWait(record: CertificateRecord, attempt: Attempt, now: Date): AcquireDecision {
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

/** A force or a revocation may speak of the key that an attempt took over before. */
function takesBadKey({ reuseKey }: Attempt, reason: Reason | null): boolean {
  return reuseKey === true && reason !== null && needsNewKey(reason);
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

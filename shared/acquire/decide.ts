import type { CertificateConfig } from '#shared/config/config.ts';
import { isLimit } from '#shared/ledger/backoff.ts';
import { versionToServe } from '#shared/ledger/record/chosen.ts';
import type { Attempt, CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { rehearsalDue } from '#shared/ledger/record/rehearsing.ts';
import { toRevoke } from '#shared/ledger/record/revoking.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
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
  /** Begin a new attempt; one that no longer fits the configuration is abandoned. */
  | {
      readonly action: 'begin';
      readonly reason: Reason;
      /** True if the key in service must not be reused, although the configuration says so. */
      readonly needsNewKey: boolean;
      /** The issuer to ask last. */
      readonly doubted?: string | null;
    }
  /** The version in service was due when it was issued: that is to be written down, with the wait for the next one. */
  | { readonly action: 'put-off'; readonly reason: Reason }
  /** Go on with the attempt in the record. */
  | { readonly action: 'resume'; readonly attempt: Attempt }
  /** A failure or the CA requires a wait. */
  | { readonly action: 'wait'; readonly until: Date }
  /** Nothing to issue, but an obsolete attempt or challenge values of ours still exist. */
  | { readonly action: 'clean-up' }
  | { readonly action: 'none' };

export type NextDecision =
  | IssueDecision
  /** Nothing to issue now, as far as is known: the CA is to be asked about the certificate. */
  | { readonly action: 'look' }
  /** Nothing to issue now: there is time for the rehearsal that a person wants. */
  | { readonly action: 'rehearse' };

export type AcquireDecision =
  | NextDecision
  /** Another version of the key store belongs into service. */
  | { readonly action: 'choose'; readonly version: Version }
  /** The CA is to revoke a version, as a person asked. */
  | { readonly action: 'revoke'; readonly version: Version };

type Situated = Situation & {
  /** The result of `configurationOf`; without it only the certificate's own lines are compared. */
  readonly configuration?: string;
  /** The keys of the configured targets. */
  readonly targets?: readonly string[];
};

/**
 * Decides the next step of acquiring. A changed configuration and a force skip every wait; the failure's own time already
 * respects the end of the certificate (ledger/backoff.ts). The CA is asked even while an attempt waits or fails: its answer
 * may be a reason that does not wait.
 */
export function decideAcquire(situation: Situated): AcquireDecision {
  const { certificate, now, record } = situation;
  const version = versionToServe(record, certificate.names, now);
  if (version && version.id !== record.desired) return { action: 'choose', version };
  const targets = situation.targets ?? [];
  const leaked = toRevoke(record, targets, now);
  return leaked ? { action: 'revoke', version: leaked } : decideNext(situation);
}

/** Decides the same where the version that belongs into service is there, or cannot be put there now. */
export function decideNext(situation: Situated): NextDecision {
  const { now, record } = situation;
  const decision = decideIssue(situation);
  const { action } = decision;
  // A run asks the CA first in any case.
  if (rehearsalDue(record, now) && leavesTime(decision, situation)) return { action: 'rehearse' };
  if (action === 'wait' && asksCa(situation)) return { action: 'look' };
  const isIdle = action === 'none' || (action === 'wait' && !record.attempt);
  return isIdle && lookDue(situation).length > 0 ? { action: 'look' } : decision;
}

/** A run is over by then, with time to spare: a rehearsal delays no order. */
const rehearsalMs = 5 * minuteMs;

function leavesTime(decision: IssueDecision, { now, record }: Situation): boolean {
  switch (decision.action) {
    case 'none':
      return true;
    case 'clean-up':
      return record.attempt === null;
    case 'wait':
      return decision.until > addMs(now, rehearsalMs);
    default:
      return false;
  }
}

/** Decides the same without the questions to the CA, and without rehearsals. */
export function decideIssue(situation: Situated): IssueDecision {
  const { record, now } = situation;
  const { acquireFailure, attempt } = record;
  const reason = reasonToIssue(situation);
  const held = reason && heldUntil(reason, situation);
  if (attempt && isUsable(attempt, situation)) {
    // An attempt that began in a window and is only slow goes on: otherwise it would begin anew in every window.
    if (held && acquireFailure && !attempt.csr) return { action: 'wait', until: held };
    // Once a CSR was sent, the certificate may exist at the CA: abandoning it would waste one of few. The order says
    // whether it exists: without a reason no other one is created.
    if (reason || (attempt.csr && attempt.orderUrl)) {
      const { configuration = attempt.configuration } = situation;
      const isNew = configuration !== attempt.configuration;
      // Somebody may have repaired a failure, but a CA's limit remains.
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

/** Says whether to ask the CA about the certificate in service, whatever else is under way. */
export function asksCa(situation: Situation): boolean {
  return lookDue(situation).some((look) => look !== 'fallback');
}

function resumeOrWait(record: CertificateRecord, attempt: Attempt, now: Date): IssueDecision {
  const until = waitingUntil(record, attempt);
  return until && until > now ? { action: 'wait', until } : { action: 'resume', attempt };
}

/** Says whether an attempt would still give the configured certificate. */
export function fits(attempt: Attempt, certificate: CertificateConfig): boolean {
  return (
    certificate.issuers.includes(attempt.issuer) &&
    attempt.keyAlgorithm === certificate.key &&
    attempt.names.length === certificate.names.length &&
    attempt.names.every((name) => certificate.names.includes(name))
  );
}

/** An attempt with the id of a version would bring that version's key back: certkeep began no such attempt. */
function isUsable(attempt: Attempt, situation: Situation): boolean {
  const { certificate, record } = situation;
  if (record.versions.some(({ id }) => id === attempt.id)) return false;
  return fits(attempt, certificate) && !takesBadKey(attempt, situation);
}

/** A force or a revocation may concern a key that an attempt has already taken over. */
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

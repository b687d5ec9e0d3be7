import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { isTurn } from '#shared/ledger/backoff.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import type { CertificateWork, LaterQueue } from '#shared/queues/work.ts';

/**
 * Returns when the work comes again for a target that waits for its turn; null where nothing has to bring it. A run that did
 * nothing may have come too early, but a time that has passed is none of its own: somebody else has the work, or it waits for
 * something else (other places, a way back), and would come again at once without end.
 */
export function comesAgainAt(
  outcome: string,
  { place, record }: { readonly record: CertificateRecord; readonly place: string },
  now: Date,
): Date | null {
  const at = nextTurnIn(record, place);
  const hasWorked = outcome === 'deployed' || outcome === 'rolled-back';
  return at !== null && (hasWorked || at > now) ? at : null;
}

/** Returns when the first target of a place that waits for its turn has it; null where none waits. */
function nextTurnIn({ deployments }: CertificateRecord, place: string): Date | null {
  const times = Object.values(deployments).flatMap((each) => {
    const { failure, state } = each;
    const isOpen = state === 'failed' || state === 'contradicted';
    return each.place === place && isOpen && failure && isTurn(failure.error)
      ? [failure.nextAttemptAt]
      : [];
  });
  const [first] = times.toSorted();
  return first === undefined ? null : new Date(first);
}

/** Brings the work back at its time, without a run that waits for it. Check finds it later where the queue does not take it. */
export async function comeAgain(
  { later, log }: { readonly later: LaterQueue; readonly log: Log },
  work: CertificateWork,
  at: Date,
): Promise<void> {
  try {
    await later.sendAt(work, at);
  } catch (error) {
    if (!isCertkeepError(error)) throw error;
    log.warn('message not sent', {
      stage: 'rebind',
      certificate: work.certificate,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
  }
}

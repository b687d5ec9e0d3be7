import type { CertificateWork, WorkQueues } from './work.ts';

/**
 * Sends the work of a run that was started beside its queue, and found another run's lease, to the queue: there it
 * comes after that run. A run that dies before it is covered by check, which takes what was started for lost after
 * 15 minutes.
 *
 * @throws what the queue throws: Lambda then runs the event again.
 */
export async function queueIfBusy(
  queues: WorkQueues,
  work: CertificateWork,
  { isBusy, isQueued }: { readonly isBusy: boolean; readonly isQueued: boolean },
): Promise<void> {
  if (isBusy && !isQueued) await queues.send(work, 'busy');
}

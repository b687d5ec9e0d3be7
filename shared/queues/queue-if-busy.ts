import type { CertificateWork, WorkQueues } from './work.ts';

/**
 * Sends the work of a run that was started without its queue, and found another run's lease, to the queue: there it comes
 * after that run. Check covers a run that dies before this, since it counts started work as lost after 15 minutes.
 * @throws what the queue throws: Lambda then runs the event again.
 */
export async function queueIfBusy(
  queues: WorkQueues,
  work: CertificateWork,
  { isBusy, isQueued }: { readonly isBusy: boolean; readonly isQueued: boolean },
): Promise<void> {
  if (isBusy && !isQueued) await queues.send(work, 'busy');
}

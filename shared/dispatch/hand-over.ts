import { errorMessage, errorName } from '#shared/errors.ts';
import { urgentExecutions } from '#shared/limits.ts';
import type { Log } from '#shared/log.ts';
import type { CertificateWork, FunctionStarter, WorkQueues } from '#shared/work.ts';

type HandOverPorts = {
  readonly queues: WorkQueues;
  readonly functions: FunctionStarter;
  readonly log: Log;
};

/**
 * Passes work on to the next stage. What is urgent starts its function beside the queue, as far as few do; what cannot
 * be started, and all else, goes into the queue. Check finds what is lost.
 */
export async function handOver(
  ports: HandOverPorts,
  all: readonly { readonly work: CertificateWork; readonly isUrgent: boolean }[],
  why: string,
): Promise<void> {
  let startsLeft: number = urgentExecutions;
  for (const { work, isUrgent } of all) {
    const starts = isUrgent && startsLeft > 0;
    if (starts) startsLeft -= 1;
    if (!starts || !(await hasStarted(ports, work))) await ports.queues.send(work, why);
  }
}

async function hasStarted(
  { functions, log }: HandOverPorts,
  work: CertificateWork,
): Promise<boolean> {
  try {
    await functions.start(work);
    return true;
  } catch (error) {
    log.warn('function not started, its queue is used', {
      stage: work.kind === 'deploy' ? 'rebind' : work.kind,
      certificate: work.certificate,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
    return false;
  }
}

import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Log, LogFields } from '#shared/log.ts';
import {
  type CertificateWork,
  type FunctionStarter,
  type Queues,
  type Work,
  type WorkQueues,
  workerOf,
} from './work.ts';

type HandOverPorts = {
  readonly queues: WorkQueues;
  readonly functions: FunctionStarter;
  readonly log: Log;
};

/** Applies to one certificate: others are passed on at the same time, and a new account has ten executions. */
const mostStarts = 1;

/**
 * Passes work on to the next stage. The first urgent piece starts its function directly, without the queue; everything
 * else, and a piece that cannot be started, goes into the queue. Check finds lost work, and starts urgent pieces in their
 * turn.
 */
export async function handOver(
  ports: HandOverPorts,
  all: readonly { readonly work: CertificateWork; readonly isUrgent: boolean }[],
  why: string,
): Promise<void> {
  let startsLeft: number = mostStarts;
  for (const { work, isUrgent } of all) {
    const starts = isUrgent && startsLeft > 0;
    if (starts) startsLeft -= 1;
    if (!starts || !(await hasStarted(ports, work))) await sendIfPossible(ports, work, why);
  }
}

/**
 * A message is a hint. The ledger holds its work, where check finds it: a queue that accepts no message fails no work that
 * is done.
 */
export async function sendIfPossible<Sent extends Work>(
  { queues, log }: { readonly queues: Queues<Sent>; readonly log: Log },
  work: Sent,
  why: string,
): Promise<void> {
  try {
    await queues.send(work, why);
  } catch (error) {
    if (!isCertkeepError(error)) throw error;
    log.warn('message not sent', { ...fieldsOf(work), ...failureOf(error) });
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
      ...fieldsOf(work),
      ...failureOf(error),
    });
    return false;
  }
}

function fieldsOf(work: Work): LogFields {
  const worker = workerOf(work);
  const stage = worker === 'deploy' ? 'rebind' : worker;
  return 'certificate' in work
    ? { stage, certificate: work.certificate }
    : { stage, place: work.place };
}

function failureOf(error: unknown) {
  return { outcome: errorName(error), reason: errorMessage(error) };
}

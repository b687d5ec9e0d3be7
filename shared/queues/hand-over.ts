import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Log, LogFields } from '#shared/log.ts';
import {
  type CertificateWork,
  type FunctionStarter,
  type Message,
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
    if (!starts || !(await startIfPossible(ports, work))) await sendIfPossible(ports, work, why);
  }
}

/**
 * A message is a hint. The ledger holds its work, where check finds it: a queue that accepts no message fails no work that
 * is done.
 */
export async function sendIfPossible<Sent extends Work>(
  { queues, log }: { readonly queues: Queues<Sent>; readonly log: Log },
  message: Message<Sent>,
  why: string,
): Promise<void> {
  try {
    await queues.send(message, why);
  } catch (error) {
    if (!isCertkeepError(error)) throw error;
    log.warn('message not sent', { ...fieldsOf(message), ...failureOf(error) });
  }
}

/** Returns false where the function could not be started. */
async function startIfPossible(
  { functions, log }: HandOverPorts,
  message: Message<CertificateWork>,
): Promise<boolean> {
  try {
    await functions.start(message);
    return true;
  } catch (error) {
    log.warn('function not started, its queue is used', {
      ...fieldsOf(message),
      ...failureOf(error),
    });
    return false;
  }
}

/** The fields of a log line about work: its stage, and its certificate and place. */
export function fieldsOf(message: Message): LogFields {
  const worker = workerOf(message);
  const stage = worker === 'deploy' ? 'rebind' : worker;
  if (!('certificate' in message)) return { stage, place: message.place };
  const { also = [], certificate } = message;
  return { stage, certificate, ...(also.length > 0 && { others: also.length }) };
}

function failureOf(error: unknown) {
  return { outcome: errorName(error), reason: errorMessage(error) };
}

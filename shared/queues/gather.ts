import { mostInMessage } from '#shared/limits.ts';
import type { Log } from '#shared/log.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal, withinDeadline, withLastWord } from '#shared/time/deadline.ts';
import { pause } from '#shared/time/waiting.ts';
import { bundled, bundleKey, isOfCertificate } from './bundle.ts';
import { sendIfPossible } from './hand-over.ts';
import type { CertificateWork, FunctionStarter, Message, WorkQueues } from './work.ts';

export type GatherPorts = {
  readonly queues: WorkQueues;
  /** Absent for a stage that starts none. */
  readonly functions?: FunctionStarter;
  readonly clock: Clock;
  readonly log: Log;
};

export type Gathered = {
  readonly queues: WorkQueues;
  readonly functions: FunctionStarter;
  /** Sends the rest at once. @throws an error of a queue or function that has no name of ours */
  close(): Promise<void>;
};

/**
 * How long a message waits for others of the same run. The nodes of a load balancer take about 20 s to spread a certificate,
 * so verify loses nothing by the longer wait.
 */
const holdMs = { issue: 5 * secondMs, deploy: 5 * secondMs, verify: 15 * secondMs } as const;
/** Urgent work of more than one certificate is in its queue after this time. */
const urgentHoldMs = secondMs;
/** Deploys of a large run wait longer. */
const longestHoldMs = 20 * secondMs;

/**
 * ACM imports one certificate a second, so that the deploys of many lose nothing by a wait of as many seconds. A message of
 * two keeps a run of deploy for as long as a message of ten.
 */
function holdMsOf({ kind }: CertificateWork, carried: number): number {
  const importsMs = kind === 'deploy' ? Math.min(carried * secondMs, longestHoldMs) : 0;
  return Math.max(holdMs[kind], importsMs);
}

type Heap = {
  readonly isUrgent: boolean;
  readonly works: [CertificateWork, ...CertificateWork[]];
  readonly why: string;
  /** Ends the wait for others. */
  readonly full: AbortController;
};

/**
 * Gathers what the certificates of one run pass on, so that the next run, too, works on many at once. The first urgent piece
 * starts its function; the others are in its queue a second later. Nothing is lost with a run that dies before it has sent
 * it: a message is a hint, and check finds the work in the ledger. `carried` is the number of the run's certificates.
 */
export function gather(ports: GatherPorts, carried: number): Gathered {
  const { clock, functions } = ports;
  let hasStarted = false;
  const heaps = new Map<string, Heap>();
  const sending: Promise<void>[] = [];

  function add(work: CertificateWork, why: string, isUrgent: boolean): void {
    const key = `${isUrgent} ${bundleKey(work)}`;
    const heap = heaps.get(key);
    if (heap) heap.works.push(work);
    else begin(key, { isUrgent, works: [work], why, full: new AbortController() });
    if (heap?.works.length === mostInMessage) heap.full.abort();
  }

  function begin(key: string, heap: Heap): void {
    heaps.set(key, heap);
    const { isUrgent, works, full } = heap;
    const waitMs = isUrgent ? urgentHoldMs : holdMsOf(works[0], carried);
    full.signal.addEventListener('abort', () => heaps.delete(key), { once: true });
    const sent = waitedFor(clock, waitMs, full.signal).then(() => {
      if (heaps.get(key) === heap) heaps.delete(key);
      return send(ports, heap);
    });
    sending.push(sent);
    // Thrown by `close`.
    void sent.catch(() => undefined);
  }

  return {
    queues: {
      async send(message, why) {
        add(message, why, false);
      },
    },
    functions: {
      async start(message) {
        if (isOfCertificate(message) && (hasStarted || !functions)) {
          add(message, 'urgent', true);
          return;
        }
        hasStarted = true;
        await functions?.start(message);
      },
    },
    async close() {
      for (const { full } of [...heaps.values()]) full.abort();
      await Promise.all(sending);
    },
  };
}

/** Resolves after the wait, when the heap is full, or when the run must end. */
async function waitedFor(clock: Clock, ms: number, full: AbortSignal): Promise<void> {
  const deadline = deadlineSignal();
  const signal = deadline ? AbortSignal.any([deadline, full]) : full;
  await withinDeadline(signal, () => pause(clock, ms)).catch((error) => {
    if (!signal.aborted) throw error;
  });
}

/** What the queue does not accept is found by check. */
async function send(ports: GatherPorts, { works, why }: Heap): Promise<void> {
  const message: Message<CertificateWork> = bundled(works[0], works);
  await withLastWord(() => sendIfPossible(ports, message, why));
}

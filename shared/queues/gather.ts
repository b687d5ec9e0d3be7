import { mostInMessage } from '#shared/limits.ts';
import type { Log } from '#shared/log.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal, withinDeadline, withLastWord } from '#shared/time/deadline.ts';
import { pause } from '#shared/time/waiting.ts';
import { bundled, bundleKey, isOfCertificate } from './bundle.ts';
import { sendIfPossible, startIfPossible } from './hand-over.ts';
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
const startHoldMs = secondMs;

type Heap = {
  readonly isStart: boolean;
  readonly works: [CertificateWork, ...CertificateWork[]];
  readonly why: string;
  /** Ends the wait for others. */
  readonly full: AbortController;
};

/**
 * Gathers what the certificates of one run pass on, so that the next run, too, works on many at once. Nothing is lost with a
 * run that dies before it has sent it: a message is a hint, and check finds the work in the ledger.
 */
export function gather(ports: GatherPorts): Gathered {
  const { clock, functions } = ports;
  const heaps = new Map<string, Heap>();
  const sending: Promise<void>[] = [];

  function add(work: CertificateWork, why: string, isStart: boolean): void {
    const key = `${isStart} ${bundleKey(work)}`;
    const heap = heaps.get(key);
    if (heap) heap.works.push(work);
    else begin(key, { isStart, works: [work], why, full: new AbortController() });
    if (heap?.works.length === mostInMessage) heap.full.abort();
  }

  function begin(key: string, heap: Heap): void {
    heaps.set(key, heap);
    const { isStart, works, full } = heap;
    const waitMs = isStart ? startHoldMs : holdMs[works[0].kind];
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
        if (isOfCertificate(message)) add(message, 'urgent', functions !== undefined);
        else await functions?.start(message);
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

/** What cannot be started waits in its queue; what the queue does not accept is found by check. */
async function send(ports: GatherPorts, { isStart, works, why }: Heap): Promise<void> {
  const { functions } = ports;
  const message: Message<CertificateWork> = bundled(works);
  await withLastWord(async () => {
    if (isStart && functions && (await startIfPossible({ ...ports, functions }, message))) return;
    await sendIfPossible(ports, message, why);
  });
}

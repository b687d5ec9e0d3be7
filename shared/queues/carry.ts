import { throwAny } from '#shared/each.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import { type Invocation, patienceUntil } from '#shared/time/invocation.ts';
import { pauseWithin } from '#shared/time/waiting.ts';
import { apart } from './bundle.ts';
import { type GatherPorts, gather } from './gather.ts';
import { fieldsOf } from './hand-over.ts';
import type { CertificateWork, Message } from './work.ts';

/** A message as a run gets it. */
export type Delivery = {
  readonly message: Message<CertificateWork>;
  /** False where the function was started without its queue. */
  readonly isQueued: boolean;
  /** How often the queue has delivered it, this time included. */
  readonly receives: number;
};

/** What became of the certificates of a message: how many of them had each outcome. */
export type Carried = {
  readonly certificates: number;
  readonly outcomes: Readonly<Record<string, number>>;
};

/** What a stage does for one certificate. */
export type StageWork<Ports, One> = {
  readonly work: (one: CertificateWork, ports: Ports) => Promise<One>;
  /** Sends the next stage what it may lack, where a run has died between its work and its messages. */
  readonly passOn?: (one: CertificateWork, ports: Ports) => Promise<void>;
};

type Outcome = string | { readonly outcome: string };

/** Another run has the certificate: the wait before the next look at its lease. */
const busyWaitMs = 5 * secondMs;

/**
 * Works on all certificates of a message side by side, each with its own lease and its own failure: one that fails is sent
 * again alone. The stage gets the ports, whose messages are gathered where there are several certificates. If a message comes again, its run has died, so each of its certificates is sent alone: then the one that
 * kills its runs holds up no other.
 * @throws what one certificate's work throws where the message names no other; what the queue throws
 */
export async function carry<Ports extends GatherPorts, One extends Outcome>(
  ports: Ports,
  { message, isQueued, receives }: Delivery,
  invocation: Invocation,
  { passOn, work }: StageWork<Ports, One>,
): Promise<One | Carried> {
  const works = apart(message);
  const hasDied = message.died === true || receives > 1;
  const free = async (one: CertificateWork, passing: Ports) => {
    const outcome = await whenFree(ports, one, { isQueued, invocation }, () => work(one, passing));
    if (hasDied) await passOn?.(one, passing);
    return outcome;
  };
  const [only] = works;
  if (works.length === 1 && only) return free(only, ports);
  if (receives > 1) return sendApart(ports, message);
  const gathered = gather(ports, works.length);
  const failures: unknown[] = [];
  const outcomes = await Promise.all(
    works.map(async (one) => {
      try {
        return nameOf(await free(one, { ...ports, ...gathered }));
      } catch (error) {
        ports.log.error('a certificate failed beside others', {
          ...fieldsOf(one),
          outcome: errorName(error),
          reason: errorMessage(error),
        });
        await sendAlone(ports, one, 'failed').catch((unsent) => failures.push(unsent));
        return 'failed';
      }
    }),
  );
  await gathered.close();
  throwAny(failures);
  return { certificates: works.length, outcomes: countsOf(outcomes) };
}

/** The one that its run began last is sent first: it is the likeliest to have ended it. */
async function sendApart(ports: GatherPorts, message: Message<CertificateWork>): Promise<Carried> {
  const works = apart(message);
  ports.log.warn('a run has died: each of its certificates is worked on alone', fieldsOf(message));
  for (const one of works.toReversed()) {
    await sendAlone(ports, { ...one, died: true }, 'alone');
  }
  return { certificates: works.length, outcomes: { 'sent-alone': works.length } };
}

async function sendAlone({ queues }: GatherPorts, one: Message<CertificateWork>, why: string) {
  await withLastWord(() => queues.send(one, why));
}

/**
 * Waits while another run has the certificate: what that run decided from may be older than this message. A run that was
 * started without the queue leaves this wait to the queue, and so does one without time.
 */
async function whenFree<One extends Outcome>(
  ports: GatherPorts,
  one: CertificateWork,
  { isQueued, invocation }: { readonly isQueued: boolean; readonly invocation: Invocation },
  work: () => Promise<One>,
): Promise<One> {
  const end = patienceUntil(invocation, ports.clock);
  for (;;) {
    const outcome = await work();
    if (nameOf(outcome) !== 'busy') return outcome;
    if (isQueued && (await pauseWithin(ports.clock, busyWaitMs, end))) continue;
    await ports.queues.send(one, 'busy');
    return outcome;
  }
}

function nameOf(outcome: Outcome): string {
  return typeof outcome === 'string' ? outcome : outcome.outcome;
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  const groups = Map.groupBy(names, (name) => name);
  return Object.fromEntries([...groups].map(([name, all]) => [name, all.length]));
}

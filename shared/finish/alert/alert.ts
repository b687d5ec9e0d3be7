import type { Channel } from '#shared/channels/channel.ts';
import { throwAny } from '#shared/each.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { conditionsOf } from '#shared/status/status.ts';
import { readStatus } from '#shared/status/status-object.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { type Clock, hourMs, isPast } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';
import { decideMessages, type Habits } from './decide-messages.ts';
import { messageOf } from './message.ts';
import { proveAll, sendToAll } from './send.ts';
import { type Shown, type Told, withRefusals } from './told.ts';
import type { Addresses } from './wording.ts';

export type AlertPorts = {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly told: SharedObject<Told | null>;
  readonly channels: readonly Channel[];
  /** How long a channel of the user may take for a message; real milliseconds, ten seconds by default. */
  readonly besideMs?: number;
  readonly habits: Habits;
  readonly addresses: Addresses;
  /** The name of the topic over which people hear. */
  readonly topic: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** The number of messages that were sent. */
export type AlertOutcome = { readonly sent: number };

/**
 * SNS suspends an e-mail subscription that is sent more than ten messages a second
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html); milliseconds.
 */
const pauseMs = 250;

/**
 * Tells people what has changed in the state that check has written, and reminds them of what lasts. What set it off is
 * only a hint to look: nobody can have it say anything else. What is to be told is written down before it is sent, and what
 * was told after: a run that dies in between has the next one send the same messages again, with the same ids, or what has
 * become of them. Two runs at once may send the same messages, with the same ids.
 * @throws CertkeepError AlertNotSent, after every message was tried at every channel; those that failed do not count as told.
 *   Where there is nothing to tell, once it is known that nothing could be told
 */
export async function alert(ports: AlertPorts): Promise<AlertOutcome> {
  const { addresses, clock, habits, log, objects } = ports;
  const { status } = await readStatus(objects);
  // Before the first check there is nothing to tell, and as long as nobody listens nothing counts as told.
  if (!status || isUnheard(status, ports)) return { sent: 0 };
  const before = await ports.told.read();
  const now = clock.now();
  const { after, intended, messages } = decideMessages(status, before, habits, now);
  const shown: Shown = new Map();
  const seen = (told: Told) => withRefusals(told, shown, besides(ports.channels), now);
  if (messages.length === 0) {
    if (before && isStampDue(before, now)) {
      await proveAll(ports, shown);
      await write(ports.told, before, stamped(seen(before), now));
    }
    return { sent: 0 };
  }
  if (!(await write(ports.told, before, intended))) return { sent: 0 };
  const failed = new Map<string, unknown>();
  for (const [index, decision] of messages.entries()) {
    if (index > 0) await pause(clock, pauseMs);
    const message = messageOf(decision, { status, addresses, now });
    try {
      await sendToAll(ports, message, shown);
      const { certificate } = message.attributes;
      log.info('people told', {
        ...{ stage: 'alert', event: message.id, outcome: message.subject },
        ...(certificate && { certificate }),
      });
    } catch (error) {
      failed.set(message.id, error);
    }
  }
  const next = seen(after(new Set(failed.keys())));
  await write(ports.told, intended, failed.size > 0 ? next : stamped(next, now));
  throwAny([...failed.values()]);
  return { sent: messages.length };
}

/** Check misses the mark after three hours, an alarm after six. */
const stampEveryMs = hourMs;

function isStampDue({ cameAt }: Told, now: Date): boolean {
  return cameAt === null || isPast(cameAt, stampEveryMs, now);
}

/** Says that alert came, and that it left nothing untold. */
function stamped(told: Told, now: Date): Told {
  return { ...told, cameAt: now.toISOString() };
}

function besides(channels: readonly Channel[]): readonly string[] {
  return channels.flatMap(({ beside }) => beside ?? []);
}

/** Whoever confirms an address later gets a summary of everything. What listens to a topic of the user, nobody knows. */
function isUnheard(
  status: Status,
  { channels, topic }: Pick<AlertPorts, 'channels' | 'topic'>,
): boolean {
  if (besides(channels).length > 0) return false;
  return conditionsOf(status, { conditions: status.conditions }).some(
    ({ about, reason, type }) =>
      type === 'Watched' && reason === 'NobodyConfirmed' && about === topic,
  );
}

/** Returns false where another run tells meanwhile: what it has written stands, and the next run decides by it. */
async function write(
  object: SharedObject<Told | null>,
  before: Told | null,
  next: Told,
): Promise<boolean> {
  const text = JSON.stringify(before);
  const stored = await object.update((current) =>
    JSON.stringify(current) === text ? next : current,
  );
  return JSON.stringify(stored) === JSON.stringify(next);
}

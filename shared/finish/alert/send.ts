import type { Channel } from '#shared/channels/channel.ts';
import type { Message } from '#shared/channels/message.ts';
import { throwAny } from '#shared/each.ts';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { secondMs } from '#shared/time/clock.ts';
import { signalWithin, withinDeadline } from '#shared/time/deadline.ts';
import type { Refusal, Shown } from './told.ts';

type Ports = {
  readonly channels: readonly Channel[];
  readonly log: Log;
  /** How long a channel of the user may take for a message; milliseconds, real ones. */
  readonly besideMs?: number;
};

/** The eight messages of a run take 80 s at most, and a run has 150 s: it ends in time to write down what was told. */
const longestMs = 10 * secondMs;

/**
 * One failing channel does not affect the others; all are tried again, with the same id. Of the user's own channels, what is
 * refused is only shown.
 */
export async function sendToAll(ports: Ports, message: Message, shown: Shown): Promise<void> {
  const seen = { by: 'message', shown } as const;
  const failures = await settled(ports, (channel) => channel.send(message), seen);
  throwAny(failures);
}

/** Without a message, nobody would learn for a week that none can be sent. Where nobody knows, the next message will show it. */
export async function proveAll(ports: Ports, shown: Shown): Promise<void> {
  const seen = { by: 'proof', shown } as const;
  const failures = await settled(ports, async (channel) => channel.prove?.(), seen);
  throwAny(failures.filter((reason) => isCertkeepError(reason, 'AlertNotSent')));
  for (const reason of failures) unknown(ports.log, reason);
}

/** The failures of certkeep's own channels. */
async function settled(
  { besideMs = longestMs, channels, log }: Ports,
  act: (channel: Channel) => Promise<void>,
  { by, shown }: { readonly by: Refusal['by']; readonly shown: Shown },
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  await Promise.all(
    channels.map(async (channel) => {
      const { beside } = channel;
      if (beside === undefined) {
        await act(channel).catch((error) => failures.push(error));
        return;
      }
      const signal = signalWithin(besideMs);
      try {
        await withinDeadline(signal, () => act(channel));
        show(shown, beside, by, null);
      } catch (error) {
        if (isCertkeepError(error, 'AlertNotSent')) {
          const late = `it did not answer within ${besideMs / secondMs} seconds`;
          const refusal = signal.aborted ? late : errorMessage(error);
          show(shown, beside, by, refusal);
          const outcome = error.name;
          log.warn('a topic of the user refuses', { stage: 'alert', outcome, reason: refusal });
        } else unknown(log, error);
      }
    }),
  );
  return failures;
}

/** Of several messages, one that was refused counts. */
function show(shown: Shown, name: string, by: Refusal['by'], refusal: string | null): void {
  shown.set(name, { by, refusal: shown.get(name)?.refusal ?? refusal });
}

function unknown(log: Log, error: unknown): void {
  const [outcome, reason] = [errorName(error), errorMessage(error)];
  log.warn('nobody knows whether people can be told', { stage: 'alert', outcome, reason });
}

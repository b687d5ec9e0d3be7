import { CertkeepError } from '#shared/errors.ts';
import { type Clock, minuteMs } from '#shared/time/clock.ts';
import { type Remembered, remembered } from '#shared/time/remembered.ts';
import type { ChallengeListener, RulesClient } from './client.ts';

/** Where a listener is changes only with the listener. */
const keptMs = 10 * minuteMs;

/** Listeners that a CA can begin with. @throws CertkeepError ChallengeListenerUnusable */
export function plainListeners(
  clock: Clock,
  client: Pick<RulesClient, 'listener'>,
): Remembered<ChallengeListener> {
  return remembered(clock, keptMs, async (arn) => {
    const found = await client.listener(arn);
    if (found.protocol === 'HTTP') return found;
    throw new CertkeepError(
      'ChallengeListenerUnusable',
      `${arn} speaks ${found.protocol}: a CA begins with plain HTTP on port 80`,
    );
  });
}

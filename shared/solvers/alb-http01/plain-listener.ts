import { CertkeepError } from '#shared/errors.ts';
import { type Clock, minuteMs } from '#shared/time/clock.ts';
import { type TtlCache, ttlCache } from '#shared/time/ttl-cache.ts';
import type { ChallengeListener, RulesClient } from './client.ts';

/** A listener never moves to another load balancer, so the answer can be kept. */
const keptMs = 10 * minuteMs;

/** Looks up listeners that a CA can begin with. @throws CertkeepError ChallengeListenerUnusable */
export function plainListeners(
  clock: Clock,
  client: Pick<RulesClient, 'listener'>,
): TtlCache<ChallengeListener> {
  return ttlCache(clock, keptMs, async (arn) => {
    const found = await client.listener(arn);
    if (found.protocol === 'HTTP') return found;
    throw new CertkeepError(
      'ChallengeListenerUnusable',
      `${arn} speaks ${found.protocol}: a CA begins with plain HTTP on port 80`,
    );
  });
}

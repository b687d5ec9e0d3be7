import { errorMessage, errorName } from '#shared/errors.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Observations, SignFailed } from '../observations/observations.ts';
import type { Sign } from './sign.ts';

export type SignPorts = {
  readonly signs: readonly Sign[];
  readonly observations: SharedObject<Observations>;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Gives every sign of life after a complete check. One that fails fails no run: whoever misses it hears of that anyway, and
 * the next check tells people here. `known` is what is known before, `others` are failures of the same kind, by name.
 */
export async function giveSigns(
  { clock, log, observations, signs }: SignPorts,
  known: Pick<Observations, 'signs'>,
  others: ReadonlyMap<string, string>,
): Promise<void> {
  const failed = new Map(others);
  await Promise.all(
    signs.map(async (sign) => {
      try {
        await sign.give();
      } catch (error) {
        failed.set(sign.name, errorMessage(error));
        const outcome = errorName(error);
        log.warn('a sign of life failed', {
          stage: 'check',
          sign: sign.name,
          outcome,
          reason: errorMessage(error),
        });
      }
    }),
  );
  const now = clock.now().toISOString();
  const withFailed = <Seen extends Pick<Observations, 'signs'>>(seen: Seen): Seen => {
    const next = Object.fromEntries(
      [...failed].map(([name, message]): [string, SignFailed] => [
        name,
        seen.signs[name] ?? { since: now, message },
      ]),
    );
    return isSame(seen.signs, next) ? seen : { ...seen, signs: next };
  };
  if (withFailed(known) !== known) await observations.update(withFailed);
}

/** A message that changes writes nothing. */
function isSame(a: Observations['signs'], b: Observations['signs']): boolean {
  return Object.keys(a).toSorted().join() === Object.keys(b).toSorted().join();
}

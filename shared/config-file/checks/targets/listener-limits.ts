import { looksPerSecond } from '#shared/deploy/drift/detect-drift.ts';
import { networkKey } from '#shared/place.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type Draft, homeOf } from '../../draft.ts';

/** Each look at a listener costs a request of the account's rate limit. */
export function looksFitIntoAnHour(draft: Draft): readonly Finding[] {
  const home = homeOf(draft);
  const fitting = (looksPerSecond * hourMs) / secondMs;
  const listeners = new Map<string, Set<string>>();
  for (const { id, targets } of draft.certificates) {
    for (const { value } of targets) {
      const { place, listener } = identityOf(value, home, id);
      const key = networkKey(place);
      listeners.set(key, (listeners.get(key) ?? new Set()).add(listener));
    }
  }
  return [...listeners]
    .filter(([, { size }]) => size > fitting)
    .map(([place, { size }]) => {
      const minutes = Math.ceil(((size / looksPerSecond) * secondMs) / minuteMs);
      return {
        path: ['certificates'],
        value: place,
        message: `has ${size} listeners, of which certkeep looks at ${fitting} in an hour: one round takes ${minutes} minutes, and certkeep sees a change that late`,
        fix: 'Nothing, if that is soon enough. Otherwise put names together into fewer listeners, or move load balancers to another account or region.',
      };
    });
}

/** Called only where the file is valid. */

import { looksPerSecond } from '#shared/deploy/drift/look-round.ts';
import { placeKey } from '#shared/place.ts';
import { identityOf } from '#shared/targets/identities.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import type { Draft } from '../../draft.ts';
import type { Finding } from '../../messages/problem.ts';

/**
 * "Certificates per Application Load Balancer (not counting default certificates)", adjustable:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html.
 */
const placesInLists = 25;

/** The SNI lists of all listeners of a load balancer share its places. */
export function listsHaveRoom(draft: Draft): readonly Finding[] {
  const home = homeOf(draft);
  const listed = countBy(draft, (target) =>
    target.type === 'alb' && target.certificate !== 'default'
      ? identityOf(target, home).resourceArn
      : null,
  );
  return [...listed]
    .filter(([, count]) => count > placesInLists)
    .map(([balancer, count]) => ({
      path: ['certificates'],
      value: balancer,
      message: `gets ${count} certificates into the SNI lists of its listeners, and takes ${placesInLists} unless its quota is higher`,
      fix: 'Ask Service Quotas for more certificates per Application Load Balancer, or put names together into fewer certificates.',
    }));
}

/** A look at what a listener holds costs a request of the user's. */
export function looksFitIntoAnHour(draft: Draft): readonly Finding[] {
  const home = homeOf(draft);
  const fitting = (looksPerSecond * hourMs) / secondMs;
  const listeners = new Map<string, Set<string>>();
  for (const { targets } of draft.certificates) {
    for (const { value } of targets) {
      const { place, listener } = identityOf(value, home);
      const key = placeKey(place);
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
        message: `has ${size} listeners, of which certkeep looks at ${fitting} in an hour: one round takes ${minutes} minutes, and what somebody changes is seen that late`,
        fix: 'Nothing, if that is soon enough. Otherwise put names together into fewer listeners, or move load balancers to another account or region.',
      };
    });
}

function countBy(
  { certificates }: Draft,
  keyOf: (target: TargetConfig) => string | null,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { targets } of certificates) {
    for (const { value } of targets) {
      const key = keyOf(value);
      if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

/** Only read where the file is sound. */
function homeOf({ account, region }: Draft) {
  return { account: account ?? '', region: region ?? '' };
}

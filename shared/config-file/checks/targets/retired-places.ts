import { parsePlaceKey, placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { placeOf } from '#shared/targets/identities.ts';
import { type Draft, homeOf } from '../../draft.ts';
import { pathText } from '../../messages/problem.ts';

export function retiredPlacesAreLeft(draft: Draft): readonly Finding[] {
  const users = usersOf(draft);
  const seen = new Set<string>();
  return draft.retired.places.flatMap(({ at, value: place }) => {
    const wrong = seen.has(place)
      ? ['is listed twice', 'Remove one of the two.']
      : wrongWith(place, users.get(place), draft.region);
    seen.add(place);
    const [message, fix] = wrong ?? [];
    return message && fix ? [{ path: ['retired', 'places', at], message, fix }] : [];
  });
}

function wrongWith(place: string, user: string | undefined, home: string | null) {
  if (user !== undefined) {
    return [
      `is still used by ${user}`,
      'Remove it here, or take every target in it out of the configuration.',
    ];
  }
  const partition = partitionOf(parsePlaceKey(place).region);
  if (home === null || partition === partitionOf(home)) return null;
  return [
    `is in the partition ${partition}, out of reach from ${home}`,
    'Remove it: certkeep has never deployed there from here.',
  ];
}

/** The first target in each place. */
function usersOf(draft: Draft): ReadonlyMap<string, string> {
  const home = homeOf(draft);
  const users = new Map<string, string>();
  for (const { id, targets } of draft.certificates) {
    for (const { at, value: target } of targets) {
      const place = placeKey(placeOf(target, home));
      if (!users.has(place)) users.set(place, pathText(['certificates', id, 'targets', at]));
    }
  }
  return users;
}

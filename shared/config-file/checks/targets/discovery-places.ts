import { parsePlaceKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

/** Nothing is found where certkeep cannot act, or only cleans up. */
export function discoveryLooksWhereItMay(draft: Draft): readonly Finding[] {
  const retired = new Set(draft.retired.places.map(({ value }) => value));
  return draft.discovery.flatMap(({ at, value: place }) => {
    const path = ['discovery', 'places', at];
    if (retired.has(place)) {
      const message = 'is retired, so that certkeep only cleans up there';
      return [{ path, message, fix: 'Remove it here, or under "retired".' }];
    }
    const { region } = parsePlaceKey(place);
    if (draft.region === null || partitionOf(region) === partitionOf(draft.region)) return [];
    const message = `is in the partition ${partitionOf(region)}, out of reach from ${draft.region}`;
    const fix = 'Install certkeep in that partition too, with a file of its own.';
    return [{ path, message, fix }];
  });
}

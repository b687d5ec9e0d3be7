import type { Config } from '#shared/config/config.ts';
import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { placesOfAll } from '#shared/targets/identities.ts';

/**
 * Where to look: home and every place with a target of the file, or the given regions of all its accounts; without a file,
 * those of the caller's account.
 */
export function placesToLookAt({
  caller,
  config,
  regions,
}: {
  readonly caller: string;
  readonly config: Config | null;
  readonly regions: readonly string[];
}): readonly Place[] {
  if (config === null) return regions.map((region) => ({ account: caller, region }));
  const places = [config.home, ...placesOfAll(config).map(parsePlaceKey)];
  const accounts = new Set(places.map(({ account }) => account));
  const asked =
    regions.length === 0
      ? places
      : [...accounts].flatMap((account) => regions.map((region) => ({ account, region })));
  return [
    ...new Map(
      asked.map(({ account, region }) => [placeKey({ account, region }), { account, region }]),
    ).values(),
  ];
}

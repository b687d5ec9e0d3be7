import { otherThanHome, targetPlaces } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { placesOf } from '#shared/targets/identities.ts';

/** The places of an account with targets, without duplicates. */
export function placesIn(config: Config, account: string): readonly Place[] {
  const places = targetPlaces(config).filter((place) => place.account === account);
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

/** The names of all certificates that have, or may find, a target in that place, without duplicates, in the order written. */
export function namesIn(config: Config, place: Place): readonly string[] {
  const { certificates, discovery, home } = config;
  const key = placeKey(place);
  // Any of them may get a target there by a tag.
  const isOpen = discovery?.places.includes(key);
  const there = certificates.filter((each) => isOpen || placesOf(each, home).includes(key));
  return [...new Set(there.flatMap(({ names }) => names))];
}

/** The places of an account that only need to be cleaned up. */
export function retiredPlacesIn({ retired }: Config, account: string): readonly Place[] {
  return retired.places.map(parsePlaceKey).filter((place) => place.account === account);
}

/** Accounts other than home with targets. */
export function targetAccounts(config: Config): readonly string[] {
  return otherThanHome(config, targetPlaces(config));
}

export type PermanentListener = { readonly listener: string; readonly priority: number };

/** Each listener with a permanent rule, without duplicates. CloudFormation removes the rule of a retired solver. */
export function permanentListeners({ solvers }: Config): readonly PermanentListener[] {
  const found = new Map<string, PermanentListener>();
  for (const solver of solvers) {
    if (solver.type !== 'alb-http01' || solver.rule !== 'permanent') continue;
    const { listener, priority } = solver;
    // A check of the configuration requires it.
    if (priority === undefined)
      throw new Error(`the permanent rule of ${listener} has no priority`);
    found.set(listener, { listener, priority });
  }
  return [...found.values()];
}

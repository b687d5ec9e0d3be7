import type { Config } from '#shared/config/config.ts';
import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { listenerParts } from '#shared/solvers/alb-http01/listener-arn.ts';
import { placeOf, placesOf } from '#shared/targets/identities.ts';

/** The places of an account with targets, without duplicates. */
export function placesIn(config: Config, account: string): readonly Place[] {
  const places = targetPlaces(config).filter((place) => place.account === account);
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

/** The names of all certificates with a target in that place, without duplicates, in the order written. */
export function namesIn({ certificates, home }: Config, place: Place): readonly string[] {
  const there = certificates.filter((each) => placesOf(each, home).includes(placeKey(place)));
  return [...new Set(there.flatMap(({ names }) => names))];
}

/** The places of an account that only need to be cleaned up. */
export function retiredPlacesIn({ retired }: Config, account: string): readonly Place[] {
  return retired.places.map(parsePlaceKey).filter((place) => place.account === account);
}

/** Accounts other than home with targets. */
export function targetAccounts(config: Config): readonly string[] {
  return others(config, targetPlaces(config));
}

/** Accounts other than home that grant rights: for targets, or for cleaning up. */
export function otherAccounts(config: Config): readonly string[] {
  return others(config, [...targetPlaces(config), ...config.retired.places.map(parsePlaceKey)]);
}

/** Accounts, possibly home, where a solver creates listener rules, or removes those that it left. */
export function listenerAccounts(config: Config): readonly string[] {
  return [
    ...new Set(listenerSolvers(config).map(({ listener }) => listenerParts(listener).account)),
  ];
}

export function listenerSolvers({ solvers, retired }: Config) {
  return [...solvers, ...retired.solvers].filter((solver) => solver.type === 'alb-http01');
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

/** Accounts other than home that get a stack. */
export function stackAccounts(config: Config): readonly string[] {
  const listening = listenerAccounts(config).filter((account) => account !== config.home.account);
  return [...new Set([...otherAccounts(config), ...listening])].sort();
}

function targetPlaces({ certificates, home }: Config): readonly Place[] {
  return certificates.flatMap(({ targets }) => targets.map((target) => placeOf(target, home)));
}

function others({ home }: Config, places: readonly Place[]): readonly string[] {
  const accounts = new Set(places.map(({ account }) => account));
  return [...accounts].filter((account) => account !== home.account).sort();
}

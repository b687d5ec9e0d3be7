import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { listenerParts } from '#shared/solvers/alb-http01/listener-arn.ts';
import { placeOf, targetRegions } from '#shared/targets/identities.ts';
import type { Config } from './config.ts';

export function listenerSolvers({ solvers, retired }: Config) {
  return [...solvers, ...retired.solvers].filter((solver) => solver.type === 'alb-http01');
}

/** Accounts, possibly home, where a solver creates listener rules, or removes those that it left. */
export function listenerAccounts(config: Config): readonly string[] {
  return [
    ...new Set(listenerSolvers(config).map(({ listener }) => listenerParts(listener).account)),
  ];
}

/** The places of all targets, those that may still be found by a tag included. */
export function targetPlaces({ certificates, discovery, home }: Config): readonly Place[] {
  return [
    ...certificates.flatMap(({ targets }) => targets.map((target) => placeOf(target, home))),
    ...(discovery?.places ?? []).map(parsePlaceKey),
  ];
}

/** The accounts of places, other than home. */
export function otherThanHome({ home }: Config, places: readonly Place[]): readonly string[] {
  const accounts = new Set(places.map(({ account }) => account));
  return [...accounts].filter((account) => account !== home.account).sort();
}

/** Accounts other than home that grant rights: for targets, or for cleaning up. */
export function otherAccounts(config: Config): readonly string[] {
  return otherThanHome(config, [
    ...targetPlaces(config),
    ...config.retired.places.map(parsePlaceKey),
  ]);
}

/** Accounts other than home that get a stack. */
export function stackAccounts(config: Config): readonly string[] {
  const listening = listenerAccounts(config).filter((account) => account !== config.home.account);
  return [...new Set([...otherAccounts(config), ...listening])].sort();
}

/** Regions of the home account that get a stack for ACM's notices alone. */
export function watchRegions(config: Config): readonly string[] {
  const others = [config.home.region, ...config.replicas];
  return targetRegions(config)
    .filter((region) => !others.includes(region))
    .toSorted();
}

/** Places with a function of ours in a network of the user, each with a stack of its own. */
export function probedPlaces({ places = {} }: Pick<Config, 'places'>) {
  return Object.entries(places).flatMap(([key, { probe }]) =>
    probe ? [{ place: parsePlaceKey(key), probe }] : [],
  );
}

/** The accounts and regions into which `cdk deploy` deploys a stack, home first. */
export function environmentsOf(config: Config): readonly Place[] {
  const { account, region } = config.home;
  const all = [
    { account, region },
    ...[...config.replicas, ...watchRegions(config)].map((there) => ({ account, region: there })),
    ...stackAccounts(config).map((other) => ({ account: other, region })),
    ...probedPlaces(config).map(({ place }) => place),
  ];
  return [...new Map(all.map((place) => [placeKey(place), place])).values()];
}

/** Stacks of CDK ask for this version of what `cdk bootstrap` made; it is older than certkeep. */
export const neededBootstrapVersion = 6;

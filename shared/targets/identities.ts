import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { albFacts } from './alb/facts.ts';
import { clbFacts } from './clb/facts.ts';
import type { TargetConfig } from './specs.ts';
import type { TargetFacts, TargetIdentity } from './target-plugin.ts';

/** One line per kind: the facts that every function may ask for. */
const facts: Readonly<Record<TargetConfig['type'], TargetFacts>> = { alb: albFacts, clb: clbFacts };

export function identityOf(target: TargetConfig, home: Place): TargetIdentity {
  return facts[target.type].identify(target, home);
}

export function identitiesOf(
  targets: readonly TargetConfig[],
  home: Place,
): readonly TargetIdentity[] {
  return targets.map((target) => identityOf(target, home));
}

/** The account and region of a target. */
export function placeOf(target: TargetConfig, home: Place): Place {
  return identityOf(target, home).place;
}

/** The place keys of a certificate, without duplicates. */
export function placesOf(
  { targets }: { readonly targets: readonly TargetConfig[] },
  home: Place,
): readonly string[] {
  return [...new Set(identitiesOf(targets, home).map(({ place }) => placeKey(place)))];
}

type Fleet = {
  readonly certificates: readonly { readonly targets: readonly TargetConfig[] }[];
  readonly home: Place;
};

const placesOfFleets = new WeakMap<
  Fleet['certificates'],
  { readonly home: Place; readonly places: readonly string[] }
>();

/** The place keys of all certificates, without duplicates. A container has one configuration, and a check asks several times. */
export function placesOfAll({ certificates, home }: Fleet): readonly string[] {
  const known = placesOfFleets.get(certificates);
  if (known?.home === home) return known.places;
  const places = [...new Set(certificates.flatMap((each) => placesOf(each, home)))];
  placesOfFleets.set(certificates, { home, places });
  return places;
}

/** The regions of the home account with targets, without duplicates. */
export function targetRegions(fleet: Fleet): readonly string[] {
  const places = placesOfAll(fleet).map(parsePlaceKey);
  const atHome = places.filter(({ account }) => account === fleet.home.account);
  return [...new Set(atHome.map(({ region }) => region))];
}

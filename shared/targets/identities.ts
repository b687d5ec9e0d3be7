import { networkKey, type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { acmFacts } from './acm/facts.ts';
import { albFacts } from './alb/facts.ts';
import { apiGatewayFacts } from './api-gateway/facts.ts';
import { clbFacts } from './clb/facts.ts';
import { cloudfrontFacts } from './cloudfront/facts.ts';
import { filesFacts } from './files/facts.ts';
import { nlbFacts } from './nlb/facts.ts';
import type { TargetConfig } from './specs.ts';
import type { TargetFacts, TargetIdentity } from './target-plugin.ts';

/** One line per kind: the facts that every function may ask for. */
const facts: Readonly<Record<TargetConfig['type'], TargetFacts>> = {
  alb: albFacts,
  nlb: nlbFacts,
  clb: clbFacts,
  acm: acmFacts,
  cloudfront: cloudfrontFacts,
  'api-gateway': apiGatewayFacts,
  files: filesFacts,
};

/** `certificate` is the id of the certificate that the target gets. */
export function identityOf(target: TargetConfig, home: Place, certificate: string): TargetIdentity {
  return facts[target.type].identify(target, home, certificate);
}

/** The values of the placeholders in the permissions of a target, besides the fields of its configuration. */
export function permissionValuesOf(target: TargetConfig, home: Place) {
  return facts[target.type].permissionValues?.(target, home) ?? {};
}

/** Says whether some target waits for turns. */
export function hasTurns({ certificates }: Pick<Fleet, 'certificates'>): boolean {
  return certificates.some(({ targets }) => targets.some(({ type }) => facts[type].takesTurns));
}

type Certificate = { readonly id: string; readonly targets: readonly TargetConfig[] };

export function identitiesOf({ id, targets }: Certificate, home: Place): readonly TargetIdentity[] {
  return targets.map((target) => identityOf(target, home, id));
}

/** The account and region of a target. */
export function placeOf(target: TargetConfig, home: Place): Place {
  // The place is the same whatever certificate it gets.
  return identityOf(target, home, '').place;
}

/** The place keys of a certificate, without duplicates. */
export function placesOf(
  { targets }: Pick<Certificate, 'targets'>,
  home: Place,
): readonly string[] {
  return [...new Set(targets.map((target) => placeKey(placeOf(target, home))))];
}

/** The place keys in which a certificate is bound, without duplicates: hosts that fetch it do without. */
function boundPlacesOf({ targets }: Pick<Certificate, 'targets'>, home: Place): readonly string[] {
  return placesOf({ targets: targets.filter(({ type }) => !facts[type].isFetched) }, home);
}

/** The place keys in which some certificate is bound, or may be once it is found by a tag, without duplicates. */
export function boundPlacesOfAll({ certificates, discovery, home }: Fleet): readonly string[] {
  const places = certificates.flatMap((each) => boundPlacesOf(each, home));
  return [...new Set([...places, ...(discovery?.places ?? [])])];
}

/** The place keys in which a certificate is in ACM, without duplicates. */
export function acmPlacesOf(
  certificate: Pick<Certificate, 'targets'>,
  home: Place,
): readonly string[] {
  return boundPlacesOf(certificate, home).filter((place) => !parsePlaceKey(place).store);
}

/** The place keys in which some certificate is in ACM, without duplicates. */
export function acmPlacesOfAll(fleet: Fleet): readonly string[] {
  return boundPlacesOfAll(fleet).filter((place) => !parsePlaceKey(place).store);
}

type Fleet = {
  readonly certificates: readonly { readonly targets: readonly TargetConfig[] }[];
  readonly home: Place;
  readonly discovery?: { readonly places: readonly string[] };
};

const placesOfFleets = new WeakMap<
  Fleet['certificates'],
  Pick<Fleet, 'discovery' | 'home'> & { readonly places: readonly string[] }
>();

/**
 * The place keys of all certificates, and of all places in which they may get targets by a tag, without duplicates. A
 * container has one configuration, and a check asks several times.
 */
export function placesOfAll({ certificates, discovery, home }: Fleet): readonly string[] {
  const known = placesOfFleets.get(certificates);
  if (known?.home === home && known.discovery === discovery) return known.places;
  const found = discovery?.places ?? [];
  const places = [...new Set([...certificates.flatMap((each) => placesOf(each, home)), ...found])];
  placesOfFleets.set(certificates, { home, places, ...(discovery && { discovery }) });
  return places;
}

/** The accounts and regions in which some certificate is bound as keys, without duplicates. */
export function networksOfAll(fleet: Fleet): readonly string[] {
  return [...new Set(boundPlacesOfAll(fleet).map((place) => networkKey(parsePlaceKey(place))))];
}

/** The regions of the home account with certificates in ACM, without duplicates. */
export function targetRegions(fleet: Fleet): readonly string[] {
  const places = placesOfAll(fleet).map(parsePlaceKey);
  const atHome = places.filter(({ account, store }) => !store && account === fleet.home.account);
  return [...new Set(atHome.map(({ region }) => region))];
}

import { type Place, placeKey } from '#shared/place.ts';
import { albFacts } from './alb/facts.ts';
import { clbFacts } from './clb/facts.ts';
import type { TargetConfig } from './specs.ts';
import type { TargetFacts, TargetIdentity } from './target-plugin.ts';

/** A line for each kind: what every function may ask of it. */
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

/** Where a target is. */
export function placeOf(target: TargetConfig, home: Place): Place {
  return identityOf(target, home).place;
}

/** The keys of the places of a certificate, each once. */
export function placesOf(
  { targets }: { readonly targets: readonly TargetConfig[] },
  home: Place,
): readonly string[] {
  return [...new Set(identitiesOf(targets, home).map(({ place }) => placeKey(place)))];
}

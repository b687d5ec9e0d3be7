import { type Place, placeKey } from '#shared/place.ts';
import type { TargetConfig } from './specs.ts';

/** Where a target is: an ARN says it; a Classic ELB is at home unless it is said. */
export function placeOf(target: TargetConfig, home: Place): Place {
  switch (target.type) {
    case 'alb': {
      const [, , , region = '', account = ''] = target.listener.split(':');
      return { account, region };
    }
    case 'clb':
      return { account: target.account ?? home.account, region: target.region ?? home.region };
  }
}

/** The keys of the places of a certificate, each once. */
export function placesOf(
  certificate: { readonly targets: readonly TargetConfig[] },
  home: Place,
): readonly string[] {
  return [...new Set(certificate.targets.map((target) => placeKey(placeOf(target, home))))];
}

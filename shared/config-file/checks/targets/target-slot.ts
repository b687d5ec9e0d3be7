import type { Config } from '#shared/config/config.ts';
import { placeKey } from '#shared/place.ts';
import { placeOf } from '#shared/targets/places.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';

/** The one thing a target binds a certificate to. */
export type TargetSlot = {
  readonly resource: string;
  /** Whether it holds one certificate only, so that a second would push out the first. */
  readonly exclusive: boolean;
};

export function targetSlot(target: TargetConfig, home: Config['home']): TargetSlot {
  switch (target.type) {
    case 'alb':
      return { resource: target.listener, exclusive: target.certificate !== 'sni' };
    case 'clb':
      return {
        resource: `${placeKey(placeOf(target, home))}/${target.loadBalancer}:${target.port}`,
        exclusive: true,
      };
  }
}

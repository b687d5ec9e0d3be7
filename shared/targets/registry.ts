import type { ClientOptions } from '#shared/aws/clients.ts';
import { oncePerPlace, type Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';
import { albTarget } from './alb/alb.ts';
import { awsAlbClient } from './alb/client.ts';
import { type PacedAlb, pacedAlb } from './alb/paced.ts';
import { clbTarget } from './clb/clb.ts';
import { awsClbClient } from './clb/client.ts';
import { type PacedClb, pacedClb } from './clb/paced.ts';
import { elbPace } from './elb-pace.ts';
import { identityOf } from './resources.ts';
import type { TargetConfig } from './specs.ts';
import type { Target } from './target.ts';

export type TargetPorts = {
  readonly home: Place;
  readonly clientOptionsFor: (place: Place) => ClientOptions;
  readonly clock: Clock;
};

/** Makes the one target that the configuration names. */
export function createTarget(config: TargetConfig, ports: TargetPorts): Target {
  return targetMaker(ports)(config);
}

/**
 * Makes targets that share their clients, place by place: what one of them asks, all do in one call, and
 * in turn. A type without a case here does not compile.
 */
export function targetMaker({
  home,
  clientOptionsFor,
  clock,
}: TargetPorts): (config: TargetConfig) => Target {
  const clientsIn = oncePerPlace((place): Clients => {
    const options = clientOptionsFor(place);
    // Both kinds are metered together.
    const pace = elbPace(clock);
    return {
      alb: pacedAlb(awsAlbClient(options), pace),
      clb: pacedClb(awsClbClient(options), pace),
    };
  });
  return (config) => {
    const identity = identityOf(config, home);
    const clients = clientsIn(identity.place);
    switch (config.type) {
      case 'alb':
        return albTarget({ ...config, identity, client: clients.alb, clock });
      case 'clb':
        return clbTarget({ ...config, identity, client: clients.clb, clock });
    }
  };
}

type Clients = { readonly alb: PacedAlb; readonly clb: PacedClb };

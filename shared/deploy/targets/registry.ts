import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Clock } from '#shared/clock.ts';
import type { Config, TargetConfig } from '#shared/config/config.ts';
import type { Place } from '#shared/place.ts';
import { identityOf } from '../resources.ts';
import { albTarget } from './alb/alb.ts';
import { awsAlbClient } from './alb/client.ts';
import { clbTarget } from './clb/clb.ts';
import { awsClbClient } from './clb/client.ts';
import type { Target } from './target.ts';

export type TargetPorts = {
  readonly home: Config['home'];
  readonly clientOptionsFor: (place: Place) => ClientOptions;
  readonly clock: Clock;
};

/** Makes the target that the configuration names. A type without a case here does not compile. */
export function createTarget(config: TargetConfig, ports: TargetPorts): Target {
  const identity = identityOf(config, ports.home);
  const options = ports.clientOptionsFor(identity.place);
  const { clock } = ports;
  switch (config.type) {
    case 'alb':
      return albTarget({ ...config, identity, client: awsAlbClient(options), clock });
    case 'clb':
      return clbTarget({ ...config, identity, client: awsClbClient(options), clock });
  }
}

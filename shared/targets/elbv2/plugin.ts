import type { PlacePorts, TargetIdentity } from '../target-plugin.ts';
import { awsElbv2Client } from './client.ts';
import type { ListenerTarget } from './facts.ts';
import type { ListenerKind } from './listener-kind.ts';
import { listenerTarget } from './listener-target.ts';
import { type PacedElbv2, pacedElbv2 } from './paced.ts';

/** Both kinds share the client of a place, so that one call looks at listeners of both. */
const clients = new WeakMap<PlacePorts, PacedElbv2>();

export function listenerPlugin(kind: ListenerKind) {
  return {
    inPlace(ports: PlacePorts) {
      const { clock, elbPace, options } = ports;
      const client = clients.get(ports) ?? pacedElbv2(awsElbv2Client(options), elbPace);
      clients.set(ports, client);
      return {
        target({ certificate, listener }: ListenerTarget, identity: TargetIdentity) {
          return listenerTarget({ kind, certificate, listener, identity, client, clock });
        },
      };
    },
  };
}

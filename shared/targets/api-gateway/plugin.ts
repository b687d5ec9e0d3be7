import type { Clock } from '#shared/time/clock.ts';
import type { PlacePorts, TargetIdentity, TargetPlugin } from '../target-plugin.ts';
import { turns } from '../turns.ts';
import { apiGatewayTarget } from './api-gateway.ts';
import { type ApiGatewayClient, awsApiGatewayClient } from './client.ts';
import { freeTurns } from './domain-turns.ts';
import { type ApiGatewayConfig, domainIn } from './facts.ts';

/** All calls of an account and region are metered together, 10 a second after a burst of 40 (limits.html): half is enough. */
const callsPerSecond = 5;
const callsAtOnce = 20;

function pacedClient(client: ApiGatewayClient, clock: Clock): ApiGatewayClient {
  const pace = turns(clock, callsPerSecond, callsAtOnce);
  return {
    domain: (...given) => pace.take(1).then(() => client.domain(...given)),
    setCertificate: (...given) => pace.take(1).then(() => client.setCertificate(...given)),
    tag: (...given) => pace.take(1).then(() => client.tag(...given)),
  };
}

export const plugin = {
  inPlace({ clock, domainTurnsIn, options }: PlacePorts) {
    // The certificate of an edge-optimized domain name is in another region than the domain name.
    const clients = new Map<string, ReturnType<typeof awsApiGatewayClient>>();
    const clientIn = (region: string) => {
      const known =
        clients.get(region) ??
        pacedClient(awsApiGatewayClient({ ...options, region }, clock), clock);
      clients.set(region, known);
      return known;
    };
    return {
      target(config: ApiGatewayConfig, identity: TargetIdentity) {
        const { arn, region } = domainIn(identity);
        const client = clientIn(region);
        const domainTurns = domainTurnsIn?.({ ...identity.place, region }) ?? freeTurns;
        return apiGatewayTarget({ ...config, arn, identity, client, turns: domainTurns, clock });
      },
    };
  },
} satisfies TargetPlugin<ApiGatewayConfig>;

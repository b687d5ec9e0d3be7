import { minuteMs, secondMs } from 'local-cloud/clock.ts';
import { usualConsistency } from 'local-cloud/cloud.ts';
import { configText } from '#test/support/fleet.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };

/** Somebody else's certificate is there at first, and is marked before it is replaced. Two of them take turns. */
export const domainNames: Scenario = {
  name: 'custom domain names of API Gateway get their certificate, at the edges and in another account too',
  source: configText(`
  api:
    names: [api.example.com, v2.example.com, "*.edge.example.com"]
    issuer: local
    key: rsa-2048
    targets:
      - {type: api-gateway, domain: api.example.com, region: ${elsewhere.region}}
      - {type: api-gateway, domain: v2.example.com, region: ${elsewhere.region}}
      - {type: api-gateway, domain: "*.edge.example.com", endpoint: edge, account: "${elsewhere.account}"}
`),
  // Edges take 40 minutes otherwise, which is a story of its own.
  consistency: {
    ...usualConsistency,
    domainUpdatingMs: { regional: 20 * secondMs, edge: minuteMs },
  },
  async run(world) {
    await world.check();
    await world.live(hour);
  },
  problems: healthy,
};

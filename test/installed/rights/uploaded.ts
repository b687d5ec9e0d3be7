import { configText } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

const day = 24 * hour;
const elsewhere = { region: 'eu-central-1', account: '222222222222' };

/** Each version is a certificate of its own in IAM, and the one before is deleted when nobody has used it for days. */
export const uploaded: Scenario = {
  name: 'server certificates are uploaded to IAM, renewed and deleted, at home and in another account',
  source: configText(`
  shop:
    names: [example.com]
    issuer: local
    targets:
      - {type: clb, loadBalancer: near, store: iam}
      - {type: clb, loadBalancer: far, region: ${elsewhere.region}, account: "${elsewhere.account}", store: iam}
`),
  async run(world) {
    await world.check();
    await world.live(hour);
    world.clock.advance(61 * day);
    await world.check();
    await world.live(2 * hour);
    world.clock.advance(3 * day);
    await world.live(hour);
  },
  async problems(world) {
    const left = held(world) === 2 ? [] : [`IAM holds ${held(world)} server certificates`];
    return [...left, ...(await healthy(world))];
  },
};

function held({ cloud }: World): number {
  return cloud.serverCertificates.certificates().length;
}

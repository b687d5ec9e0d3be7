import { configText, listenerArn } from '#test/support/fleet.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const network = '{probe: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0a1b2c3d]}}';

/** Internal load balancers, of which nobody outside knows what they serve. */
export const probed: Scenario = {
  name: 'internal load balancers are proven from inside, and put back, at home and in another account',
  source: `${configText(`
  shop:
    names: [example.com]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('private-near')}"}
      - {type: alb, listener: "${listenerArn('private-far', '1', elsewhere)}"}
`)}places: {"123456789012/us-east-1": ${network}, "222222222222/eu-central-1": ${network}}
`,
  async run(world) {
    await world.check();
    await world.live(hour);
    for (const name of ['private-near', 'private-far']) world.cloud.balancers.stick(name);
    world.clock.advance(61 * 24 * hour);
    await world.check();
    await world.liveUntil(() => areAll(world, 'rolled-back'), 2 * hour);
    for (const name of ['private-near', 'private-far']) world.cloud.balancers.unstick(name);
    await world.liveUntil(() => areAll(world, 'proven'), 48 * hour);
  },
  problems: healthy,
};

function areAll(world: Parameters<Scenario['run']>[0], wanted: string): boolean {
  const states = Object.values(world.record('shop').deployments).map(({ state }) => state);
  return states.length === 2 && states.every((state) => state === wanted);
}

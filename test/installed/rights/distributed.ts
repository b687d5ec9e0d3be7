import { configText } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

/** The edges keep somebody else's certificate at first, so that it is put back, and take the certificate later. */
export const distributed: Scenario = {
  name: 'a distribution gets the certificate, goes back by its mark, and gets it again',
  source: configText(
    '  shop: {names: [example.com], issuer: local, targets: [{type: cloudfront, distribution: E2QWRUHAPOMQZL}]}\n',
  ),
  async run(world) {
    const [target] = world.landscape.config.certificates[0]?.targets ?? [];
    if (target?.type !== 'cloudfront') throw new Error('the distribution is not there');
    world.cloud.balancers.stick(target.distribution);
    await world.check();
    await world.liveUntil(() => isIn(world, 'rolled-back'), 2 * hour);
    world.cloud.balancers.unstick(target.distribution);
    await world.liveUntil(() => isIn(world, 'proven'), 48 * hour);
  },
  problems: healthy,
};

function isIn(world: World, wanted: string): boolean {
  const states = Object.values(world.record('shop').deployments).map(({ state }) => state);
  return states.length > 0 && states.every((state) => state === wanted);
}

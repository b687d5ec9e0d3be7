import type { World } from '#test/support/world.ts';
import { hour, type Scenario, small } from './scenario.ts';

/** No record holds this trouble: it is about a place. */
export const lasting: Scenario = {
  name: 'trouble that lasts and is about no certificate is told',
  source: small,
  async run(world: World) {
    const { account, region } = world.landscape.config.home;
    const body = JSON.stringify({ kind: 'prove', place: `${account}/${region}` });
    world.cloud.faults.add({
      when: ({ caller, operation }) => caller === 'deploy' && operation === 'ListCertificates',
      fault: { do: 'refuse', code: 'ServiceUnavailable', status: 503 },
      times: Number.POSITIVE_INFINITY,
    });
    for (let asked = 0; asked < 5; asked += 1) {
      await world.dispatcher.invoke('deploy', { Records: [{ body }] });
      await world.settle();
      world.clock.advance(3 * hour);
    }
    await world.check();
  },
  problems(world: World) {
    const isTold = world
      .inbox()
      .some(({ message }) => message.includes('cannot try its rights in'));
    const denied = world.denied().map((denial) => `denied: ${denial}`);
    return isTold ? denied : [...denied, 'nobody was told'];
  },
};

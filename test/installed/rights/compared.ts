import { isComparedAt } from '#shared/acquire/store/as-certified.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario, small } from './scenario.ts';

/** A record is compared with its certificate once a day. */
export const compared: Scenario = {
  name: 'a record is compared with the certificate in its turn',
  source: small,
  async run(world: World) {
    await world.check();
    await world.live(hour / 3);
    while (!isComparedAt('shop', world.clock.now())) world.clock.advance(hour / 6);
    await world.check();
    await world.live(hour / 3);
  },
  problems: healthy,
};

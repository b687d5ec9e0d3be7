import { addMs } from '#shared/time/clock.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario, small } from './scenario.ts';

/** Issue notes for check that a CA wants a certificate replaced. */
export const recalled: Scenario = {
  name: 'what the CA wants replaced is replaced',
  source: small,
  async run(world: World) {
    await world.check();
    await world.live(hour / 3);
    world.clock.advance(48 * hour);
    const now = world.clock.now();
    const serial = world.record('shop').versions.at(-1)?.serial ?? '';
    const suggestedWindow = { start: addMs(now, -3 * hour), end: addMs(now, -2 * hour) };
    world.cloud.ca.tellRenewalInfo(serial, { body: { suggestedWindow } });
    await world.live(8 * hour);
  },
  async problems(world: World) {
    const isReplaced = world.record('shop').versions.length > 1;
    return [...(await healthy(world)), ...(isReplaced ? [] : ['it was not replaced'])];
  },
};

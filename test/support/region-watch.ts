import { type RegionStates, watchRegions } from '#shared/finish/watch-regions.ts';
import type { LedgerEvent } from '#shared/ledger/record.ts';
import type { World } from './world.ts';

const tenMinutes = 600_000;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What check does of regions that are behind, over the records of a world: starts sync and tells people. */
export function regionWatch(world: World) {
  const starts: Date[] = [];
  let states: RegionStates = {};

  async function look(): Promise<void> {
    const { config } = world.landscape;
    const records = config.certificates.map(({ id }) => world.record(id));
    const ports = {
      config,
      log,
      clock: world.clock,
      bus: {
        publish: async (events: readonly LedgerEvent[]) =>
          world.dispatcher.invokeLater('alert', { detail: { events } }),
      },
      async startSync(region: string) {
        starts.push(world.clock.now());
        world.dispatcher.invokeLater('sync', { region });
      },
    };
    ({ states } = await watchRegions(ports, records, states));
    await world.settle();
  }

  return {
    starts,
    look,
    async live(ms: number): Promise<void> {
      for (let passed = 0; passed < ms; passed += tenMinutes) {
        await world.live(tenMinutes);
        await look();
      }
    },
  };
}

import { describe, expect, test } from 'vitest';
import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { isFull } from '#test/support/full.ts';
import { killedAtEach, type Story } from '#test/support/killed-at-each.ts';
import { startWorld, type World } from '#test/support/world.ts';

const text = configText('  shop: {names: [example.com], issuer: local}\n');
const pauseMs = 3 * hourMs;

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 149);

const issuedAt = (world: World) => world.record('shop').versions.map((each) => each.issuedAt);

/** Twenty minutes before a renewal is due, it is paused for three hours. */
function storyOf(): Story {
  let dueAt = new Date();
  let until = '';
  return {
    async start() {
      const world = await startWorld(text);
      await world.check();
      await world.live(hourMs);
      const [certificate] = world.landscape.config.certificates;
      if (!certificate) throw new Error('there is no certificate');
      dueAt = nextStart(world.record('shop'), certificate) ?? dueAt;
      world.clock.advance(dueAt.getTime() - world.clock.now().getTime() - 20 * minuteMs);
      await world.check();
      until = new Date(world.clock.now().getTime() + pauseMs).toISOString();
      return world;
    },
    async ask(world) {
      const asked = { certificates: ['shop'], reason: 'the winter sale', pause: true, until };
      await world.check(asked).catch(() => undefined);
      // A person whose request came to nothing repeats it.
      if (world.record('shop').paused === null) await world.check(asked);
    },
    isOver: (world) => issuedAt(world).length > 1,
    async facts(world) {
      const { history, versions } = world.record('shop');
      const pauses = history.filter(({ what }) => what.startsWith('pause by run')).length;
      const renewedAt = issuedAt(world)[1] ?? '';
      return {
        pauses,
        renewed: versions.length - 1,
        orders: world.cloud.ca.ledger().orders.filter(({ serial }) => serial !== null).length,
        isDuringPause: renewedAt > dueAt.toISOString() && renewedAt < until,
        isSoonAfter: Date.parse(renewedAt) - Date.parse(until) < hourMs,
      };
    },
  };
}

test('a pause over the day of a renewal holds it back, and no longer', async () => {
  const story = storyOf();
  const world = await story.start();
  try {
    await story.ask(world);
    await world.liveUntil(() => story.isOver(world), 5 * hourMs);
    expect(await story.facts(world)).toEqual({
      ...{ pauses: 1, renewed: 1, orders: 2 },
      ...{ isDuringPause: false, isSoonAfter: true },
    });
  } finally {
    await world.close();
  }
});

describe.skipIf(!isFull)('killed at any call after the wish, the pause holds all the same', () => {
  test.each(['check', 'issue'])('%s', { timeout: 900_000 }, async (stage) => {
    expect(await killedAtEach(stage, storyOf(), { every, withinMs: 5 * hourMs })).toEqual([]);
  });
});

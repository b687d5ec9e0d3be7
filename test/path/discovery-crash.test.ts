import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { killedAtEach, type Story } from '#test/support/killed-at-each.ts';
import { type TaggedListener, taggedListener } from '#test/support/tagged-listener.ts';
import { startWorld } from '#test/support/world.ts';

const text = `${configText('  docs: {names: [docs.example.com], issuer: local}\n')}\ndiscovery: approve\n`;

function approving(): Story {
  let theirs: TaggedListener;
  return {
    async start() {
      const world = await startWorld(text, { mayDeny: true });
      await world.check();
      theirs = await taggedListener(world, 'theirs');
      await theirs.tag({ 'certkeep:certificate': 'docs' });
      await world.live(40 * minuteMs);
      return world;
    },
    async ask(world) {
      const request = {
        certificates: ['docs'],
        resource: theirs.listener,
        reason: 'it is ours',
        approve: true,
      };
      // A person whose request came to nothing asks once more.
      await world.check(request).catch(() => world.check(request));
    },
    isOver: (world) =>
      Object.values(world.record('docs').deployments).some(({ state }) => state === 'proven'),
    async facts(world) {
      const { default: first, list } = await theirs.held();
      const arns = Object.values(world.record('docs').imports).map(({ arn }) => arn);
      const orders = world.cloud.ca.ledger().orders.length;
      return { isTheirs: first === theirs.own, listed: list.length, ours: arns.length, orders };
    },
  };
}

/** One in so many calls is struck; `KILLS=1` strikes each. */
const every = Number(process.env.KILLS ?? 37);

test.each(['check', 'deploy'])(
  'approved, with %s killed at a call: it is bound once, and its default stays',
  { timeout: 600_000 },
  async (stage) => {
    expect(await killedAtEach(stage, approving(), { every, withinMs: 4 * hourMs })).toEqual([]);
  },
);

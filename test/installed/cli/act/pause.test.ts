import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { runBeside } from '#test/support/run-beside.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const source = configText('  shop: {names: [shop.example.com], issuer: local}\n');
  world = await startWorld(source, { clock: virtualClock(new Date()) });
  await world.check();
});
afterAll(() => world?.close());

const orders = () => world.cloud.ca.ledger().orders.length;
const reason = ['--reason', 'the winter sale'];

test('a renewal that is due does not begin before the end of the pause, and begins with resume', async () => {
  const until = addMs(world.clock.now(), 75 * dayMs)
    .toISOString()
    .slice(0, 10);
  const paused = await runBeside(world, ['pause', 'shop', '--until', until, ...reason]);
  expect(paused).toMatchObject({ code: 0, stderr: '' });
  expect(paused.stdout).toMatch(
    new RegExp(
      `^No renewal begins before ${until} 00:00 UTC, but in the last tenth of a life\\.\\nshop: (none|look): `,
    ),
  );
  expect(world.record('shop').paused).toMatchObject({ until: `${until}T00:00:00.000Z` });
  expect(world.record('shop').history).toContainEqual(
    expect.objectContaining({
      what: expect.stringMatching(/^pause by run \S+, as claimed by arn:aws:iam::/),
      why: 'the winter sale',
    }),
  );

  world.clock.advance(70 * dayMs);
  await world.check();
  expect(orders()).toBe(1);

  const resumed = await runBeside(world, ['resume', 'shop', '--reason', 'it is over']);
  expect(resumed).toMatchObject({ code: 0, stderr: '' });
  expect(resumed.stdout).toMatch(
    /^Renewals may begin again\.\nshop: issue: the CA advises renewal between /,
  );
  expect(orders()).toBe(2);
});

test.each([
  [[], 'say until when it lasts: --until TIME, or --for SPAN'],
  [['--until', '2027-01-05', '--for', '3d'], 'say until when it lasts'],
  [['--until', 'tomorrow'], '"tomorrow" is not a time, such as 2027-01-05'],
  [['--for', '3 days'], '"3 days" is not a span, such as 90m, 12h, 3d or 2w'],
  [['--for', '200d'], 'Nothing was done: "until" is a time in UTC, such as '],
  [['--until', '2020-01-05'], 'Nothing was done: "until" is a time in UTC, such as '],
])('%j is no end: it says so, with a command that has one', async (end, message) => {
  const before = world.record('shop').history;
  const { code, stderr, stdout } = await runBeside(world, ['pause', 'shop', ...end, ...reason]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toMatch(
    /\nNext: npx certkeep pause shop (--until \S+ )?--reason 'the winter sale'( --for 3d)?\n$/,
  );
  expect(world.record('shop').history).toEqual(before);
});

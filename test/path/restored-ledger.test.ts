import { afterEach, expect, test } from 'vitest';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { ledgerBucket } from '#test/support/world-objects.ts';

let world: World;
afterEach(() => world?.close());

const ids = ['shop', 'blog', 'docs'];
const orders = () => world.cloud.ca.ledger().orders.length;
const serials = () => ids.map((id) => world.record(id).versions.at(-1)?.serial);

function source(isDeployed: boolean): string {
  const lines = ids.map((id, index) => {
    const listener = listenerArn(id, String(index + 1));
    const targets = isDeployed ? `, targets: [{type: alb, listener: "${listener}"}]` : '';
    return `  ${id}: {names: [${id}.example.com], issuer: local${targets}}\n`;
  });
  return configText(lines.join(''));
}

/** Every object of the ledger, as a backup has it. */
async function backup(): Promise<() => Promise<void>> {
  const { keys, put, text } = ledgerBucket(world);
  const all = await keys('');
  const held = all.filter((key) => /^(certificates|dispatch|records)\/.*json$/.test(key));
  const bodies = held.map((key) => [key, text(key)] as const);
  return async () => {
    for (const [key, body] of bodies) await put(key, body);
  };
}

async function renewed(): Promise<void> {
  world.clock.advance(61 * dayMs);
  await world.live(20 * minuteMs);
}

test.each([
  ['beside listeners', true],
  ['without targets', false],
])('records of 61 days before issue nothing that is still good: %s', async (_, isDeployed) => {
  world = await startWorld(source(isDeployed));
  await world.live(20 * minuteMs);
  const restore = await backup();
  await renewed();
  const [made, served] = [orders(), serials()];
  expect(made).toBe(6);
  await restore();
  await world.live(30 * minuteMs);
  expect(orders()).toBe(made);
  expect(serials()).toEqual(served);
  expect(ids.map((id) => world.record(id).attempt)).toEqual([null, null, null]);
  if (!isDeployed) return;
  for (const [index, id] of ids.entries()) {
    expect(await world.served(id)).toEqual(new Set([served[index]]));
    expect(Object.values(world.record(id).deployments)).toMatchObject([{ state: 'proven' }]);
  }
});

test('a backup that was made while a renewal was under way neither orders nor goes back', async () => {
  world = await startWorld(source(false));
  await world.live(20 * minuteMs);
  world.clock.advance(61 * dayMs);
  world.cloud.faults.add({
    when: ({ operation }) => operation === 'challenge',
    fault: { do: 'kill-before' },
    times: 3,
  });
  await world.check();
  expect(ids.every((id) => world.record(id).attempt?.orderUrl)).toBe(true);
  const restore = await backup();
  await world.live(20 * minuteMs);
  const [made, served] = [orders(), serials()];
  world.clock.advance(20 * dayMs);
  await restore();
  await world.live(30 * minuteMs);
  expect([orders(), serials()]).toEqual([made, served]);
});

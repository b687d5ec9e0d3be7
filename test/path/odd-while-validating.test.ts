import type { Reply } from 'local-cloud/ca/messages.ts';
import { afterEach, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { refusing } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

/** The CA comes to the challenge only later, and what is said to the answer is something else. */
function comingLate(reply: Reply) {
  let come: () => unknown = () => expect.unreachable('no challenge was answered');
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'challenge',
    times: 1,
    reply(usual) {
      come = usual;
      return reply;
    },
  });
  return () => come();
}

const refused = refusing('challenge', { type: 'malformed', status: 400 }).reply(() => ({
  status: 200,
})) as Reply;

test.each([
  ['a redirect', { status: 307, headers: { location: 'https://127.0.0.1:1/' }, body: {} }],
  ['a refusal', refused],
])('%s does not take from a CA what it is looking at', async (_, reply) => {
  world = await startWorld(oneName);
  const come = comingLate(reply);
  await world.check();
  world.clock.advance(minuteMs);
  await come();
  await world.live(hourMs);
  expect(world.record('shop').versions).toHaveLength(1);
  expect(world.cloud.ca.ledger().orders).toHaveLength(1);
  expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
});

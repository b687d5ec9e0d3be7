import { afterEach, expect, test } from 'vitest';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const two = configText(
  '  kept: {names: [kept.example.com], issuer: local}\n  gone: {names: [gone.example.com], issuer: local}\n',
);

async function forgetGone(): Promise<void> {
  await world.reconfigure((text) => text.replace(/ {2}gone:\n( {4}.*\n)+/, ''));
  expect(world.landscape.config.certificates.map(({ id }) => id)).toEqual(['kept']);
}

test('a certificate that leaves the configuration in the middle of its order leaves no TXT behind', async () => {
  world = await startWorld(two);
  world.cloud.faults.add({
    when: ({ service, operation, input }) =>
      service === 'route53' &&
      operation === 'ChangeResourceRecordSets' &&
      JSON.stringify(input).includes('gone'),
    fault: { do: 'kill-after' },
  });
  await world.check();
  await forgetGone();
  await world.live(3_600_000);
  expect(txtAt(world, '_acme-challenge.gone.example.com')).toEqual([]);
  expect(world.record('gone')).toMatchObject({ attempt: null, txt: [], desired: null });
  expect(world.record('kept').desired).not.toBeNull();
});

test('what happened to it before still leaves as an event', async () => {
  world = await startWorld(two);
  world.cloud.faults.add({
    when: ({ operation, input }) =>
      operation === 'PutEvents' && JSON.stringify(input).includes('gone'),
    fault: { do: 'kill-before' },
  });
  await world.check();
  await forgetGone();
  await world.live(3_600_000);
  const happened = world.events().map(({ summary }) => summary);
  expect(happened).toContain('gone was issued by local and stored');
});

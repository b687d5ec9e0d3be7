import { expect, test } from 'vitest';
import { listenerArn } from '#test/support/fleet.ts';
import { httpWorld, overHttp, provenBy } from '#test/support/http-world.ts';
import { addForeignRules, rulesOf } from '#test/support/world-rules.ts';

const { start, calls } = httpWorld();

const elsewhere = { region: 'eu-central-1', account: '222222222222' };

test('names are proven by rules above those of others, which stay as they are', async () => {
  const world = await start();
  await addForeignRules(world, [5, 7]);
  await addForeignRules(world, [9], '*');
  const before = await rulesOf(world);
  await world.check();
  expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
  expect(world.record('shop').desired).not.toBeNull();
  const made = calls('CreateRule').map(({ input }) => input as Record<string, unknown>);
  expect(made).toHaveLength(2);
  for (const { Priority, Tags } of made) {
    expect(Priority).toBeLessThan(5);
    expect(Tags).toEqual([
      { Key: 'certkeep:managed', Value: 'certkeep' },
      { Key: 'certkeep:certificate', Value: 'shop' },
      { Key: 'certkeep:attempt', Value: world.record('shop').desired },
    ]);
  }
  expect(await rulesOf(world)).toEqual(before);
  expect(calls('ChangeResourceRecordSets')).toEqual([]);
});

test('names at listeners of another account and region are proven in the role there', async () => {
  const world = await start(
    provenBy(overHttp('', listenerArn('far', 'a', elsewhere)), '[example.com]'),
  );
  await world.check();
  expect(world.record('shop').desired).not.toBeNull();
  expect(await rulesOf(world)).toEqual([]);
  const roles = world.cloud.iam.decisions
    .filter(({ action }) => action === 'elasticloadbalancing:CreateRule')
    .map(({ role }) => role);
  expect(roles).toEqual(['arn:aws:iam::222222222222:role/certkeep-us-east-1-http01']);
});

test('a wildcard is proven through DNS beside a name that is proven over HTTP', async () => {
  const both = `- {type: route53, selector: {dnsZones: [example.net]}}\n  ${overHttp()}`;
  const world = await start(provenBy(both, '["*.example.net", example.com]'));
  await world.check();
  expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
  expect(world.record('shop').desired).not.toBeNull();
  expect(calls('CreateRule')).toHaveLength(1);
  expect(calls('ChangeResourceRecordSets').length).toBeGreaterThan(0);
});

test('a rule of another path may come first', async () => {
  const world = await start();
  await addForeignRules(world, [1], '/shop/*');
  await world.check();
  expect(world.record('shop').desired).not.toBeNull();
  expect(await rulesOf(world)).toEqual(['1 /shop/*']);
});

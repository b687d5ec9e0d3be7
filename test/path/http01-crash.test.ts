import type { Fault, OutsideCall } from 'local-cloud/faults.ts';
import { describe, expect, test } from 'vitest';
import { some } from '#test/support/full.ts';
import { httpWorld } from '#test/support/http-world.ts';
import { addForeignRules, httpListener, rulesAt, rulesOf } from '#test/support/world-rules.ts';

const { start, finalized } = httpWorld();

const hour = 3_600_000;

describe('when a run', () => {
  const strikes: readonly (readonly [string, string, Fault])[] = [
    ['dies after a rule was made', 'CreateRule', { do: 'kill-after' }],
    ['dies before a rule is made', 'CreateRule', { do: 'kill-before' }],
    ['dies before a rule is removed', 'DeleteRule', { do: 'kill-before' }],
    ['dies after a challenge was answered', 'challenge', { do: 'kill-after' }],
    ['does not hear that a rule was made', 'CreateRule', { do: 'lose-answer' }],
    ['makes a rule twice', 'CreateRule', { do: 'twice' }],
    ['removes a rule twice', 'DeleteRule', { do: 'twice' }],
  ];

  test.each(some(strikes))(
    '%s, one order is finalized and no rule is left',
    async (_, what, fault) => {
      const world = await start();
      await addForeignRules(world, [1_000]);
      const when = ({ operation, caller }: OutsideCall) => operation === what && caller === 'issue';
      world.cloud.faults.add({ when, fault });
      await world.check();
      await world.live(hour);
      expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
      expect(world.record('shop').versions).toHaveLength(1);
      expect(finalized()).toBe(1);
      expect(await rulesOf(world)).toEqual(['1000 /shop/*']);
    },
  );

  test.each<[string, Fault]>([
    ['whose answer is lost', { do: 'lose-answer' }],
    ['that is made twice', { do: 'twice' }],
  ])('a rule %s is found again, and costs no further run', async (_, fault) => {
    const world = await start();
    world.cloud.faults.add({ when: ({ operation }) => operation === 'CreateRule', fault });
    await world.check();
    expect(world.record('shop').desired).not.toBeNull();
    expect(await rulesOf(world)).toEqual([]);
  });

  test('a rule that is gone, and that nobody may remove any more, is removed', async () => {
    const world = await start();
    const when = ({ operation }: OutsideCall) => operation === 'DeleteRule';
    world.cloud.faults.add({ when, fault: { do: 'lose-answer' } });
    world.cloud.faults.add({ when, fault: { do: 'refuse', code: 'AccessDenied', status: 403 } });
    await world.check();
    expect(world.record('shop')).toMatchObject({ attempt: null, txt: [], acquireFailure: null });
    expect(await rulesOf(world)).toEqual([]);
  });

  test('a rule that is there, and that nobody may remove, is told and removed later', async () => {
    const world = await start();
    const when = ({ operation }: OutsideCall) => operation === 'DeleteRule';
    world.cloud.faults.add({ when, fault: { do: 'refuse', code: 'AccessDenied', status: 403 } });
    await world.check();
    // One for each of the two names.
    expect(await rulesOf(world)).toHaveLength(2);
    await world.live(hour);
    expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
    expect(await rulesOf(world)).toEqual([]);
  });

  test('dies and the certificate leaves the configuration, its rule is removed', async () => {
    const world = await start();
    world.cloud.faults.add({
      when: ({ operation }) => operation === 'CreateRule',
      fault: { do: 'kill-after' },
    });
    await world.check();
    expect(await rulesOf(world)).toHaveLength(1);
    await world.reconfigure((text) => text.replace('shop:', 'other:'));
    await world.live(hour);
    expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
    expect(await rulesOf(world)).toEqual([]);
  });
});

test('a solver that has left is named under retired, and its rule is removed', async () => {
  const world = await start();
  const when = ({ operation }: OutsideCall) => operation === 'CreateRule';
  world.cloud.faults.add({ when, fault: { do: 'kill-after' } });
  await world.check();
  const listener = httpListener(world);
  expect(await rulesAt(world, listener)).toHaveLength(1);
  await world.reconfigure(
    (text) =>
      `${text.replace(/- type: alb-http01\n +listener: .*\n/, '- type: route53\n')}retired: {solvers: [{type: alb-http01, listener: "${listener}"}]}\n`,
  );
  await world.live(hour);
  expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
  expect(world.record('shop').desired).not.toBeNull();
  expect(await rulesAt(world, listener)).toEqual([]);
});

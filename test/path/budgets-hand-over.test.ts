import { afterEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { happened, inService, type TwoCas, twoCas } from '#test/support/two-cas.ts';

let cas: TwoCas;
afterEach(() => cas?.close());

test('the second CA issues what the limits of the first would hold back for too long', async () => {
  const names = (id: string) => `  ${id}: {names: [${id}.example.com], issuer: [first, second]}\n`;
  cas = await twoCas(`${names('a')}${names('b')}`, {
    issuers: { first: { limits: { orders: '1 per 10d' } } },
  });
  await cas.world.check();
  await cas.world.live(hourMs);
  const from = ['a', 'b'].map((id) => inService(cas, id).issuer);
  expect(from.toSorted()).toEqual(['first', 'second']);
  expect(cas.first.limitRefusals()).toBe(0);
  expect(happened(cas)).toContainEqual(
    expect.stringContaining('BudgetSpent at first; second takes its place'),
  );
});

import { expect, test } from 'vitest';
import { freedom, freedomNames } from './ca/catalogue.ts';
import { mostRequests } from './expected.ts';
import { play } from './world.ts';

test('there are at least forty freedoms, each with its source', () => {
  expect(freedomNames.length).toBeGreaterThanOrEqual(40);
  for (const name of freedomNames) expect(freedom(name).source).toMatch(/\S{3}/);
});

test('a CA that takes no freedom issues by one order', async () => {
  expect(await play([])).toMatchObject({ outcome: 'issues', orders: 1, finalized: 1, left: [] });
});

test.each(freedomNames.map((name) => [name, freedom(name).expected, freedom(name)] as const))(
  'a CA that takes %s: %s',
  async (name, expected, { failures = 0, orders = 1 }) => {
    const played = await play([name]);
    expect([played.outcome, played.message]).toEqual([expected, expect.any(String)]);
    expect(played.left).toEqual([]);
    expect(played.requests).toBeLessThanOrEqual(mostRequests(played));
    if (expected !== 'issues') return expect(played.orders).toBeLessThanOrEqual(played.failures);
    expect(played).toMatchObject({
      orders,
      finalized: 1,
      failures,
      advised: name === 'renewalInfo' ? 'yes' : 'no',
      names: ['example.com', '*.example.com'],
    });
  },
);

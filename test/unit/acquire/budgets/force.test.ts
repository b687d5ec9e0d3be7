import { beforeEach, describe, expect, test } from 'vitest';
import { chargesOf } from '#shared/rate-limits/charges.ts';
import { takeForIssuance } from '#shared/rate-limits/spend.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, inDays, issuers, versionOf, wanted } from '#test/support/healthy.ts';

const local = {
  ...issuers.local,
  type: 'acme' as const,
  directory: 'https://ca.example/directory',
  termsOfServiceAgreed: true as const,
  contact: [],
  limits: {
    orders: { count: 20, perMs: 3 * hourMs },
    certificatesPerNames: { count: 3, perMs: 6 * dayMs },
  },
};
const force = { certificates: ['shop'], force: true, reason: 'the key leaked' } as const;

let table: ReturnType<typeof desk>;
beforeEach(async () => {
  table = desk({ issuers: { local } });
  await table.holds(healthy());
});

async function use(times: number) {
  const charges = chargesOf(wanted(), { name: 'local', config: local }, 'new');
  const { budgetBook, clock } = table;
  for (let taken = 0; taken < times; taken += 1) {
    await takeForIssuance({ budgetBook, clock, issuerConfig: local }, charges);
  }
}

describe('a force', () => {
  test('says what it takes', async () => {
    await use(1);
    const [line] = await table.run(force);
    expect(line).toMatchObject({
      certificate: 'shop',
      action: 'issue',
      takes: [
        '1 of 20 orders (19 left, one more every 9 minutes)',
        '1 of 3 certificates for exactly these names (1 left, one more every 2 days)',
      ],
    });
    expect(table.started).toEqual([{ kind: 'issue', certificate: 'shop' }]);
  });

  test.each([
    [2, /shop: it takes the last of 3 certificates for exactly these names in 6 days/],
    [3, /shop: 3 certificates for exactly these names in 6 days are used up/],
  ])('after %s certificates is refused as a whole, and writes nothing', async (used, why) => {
    await use(used);
    await expect(table.run(force)).rejects.toMatchObject({
      name: 'ForceTooCostly',
      message: expect.stringMatching(why),
    });
    expect((await table.record())?.forced).toBeNull();
    expect(table.sent).toEqual([]);
  });

  test('goes on for whoever insists, also in the checks that follow', async () => {
    await use(3);
    await table.run({ ...force, override: true });
    expect((await table.record())?.forced).toMatchObject({ override: true });
    table.clock.advance(20 * minuteMs);
    await table.run();
    expect(table.started).toHaveLength(2);
  });

  test('that Lambda repeats is not refused for what it has used up itself', async () => {
    await use(1);
    await table.run(force, 'run-1');
    await use(1);
    await expect(table.run(force, 'run-2')).rejects.toMatchObject({ name: 'ForceTooCostly' });
    expect(await table.run(force, 'run-1')).toMatchObject([{ certificate: 'shop' }]);
  });

  test('counts all that it names together', async () => {
    const both = ['shop', 'shop-two'].map((id) => wanted({ id }));
    table = desk({ issuers: { local }, certificates: both });
    await use(1);
    await expect(table.run({ ...force, certificates: ['shop', 'shop-two'] })).rejects.toThrow(
      /^shop-two: it takes the last/,
    );
  });
});

test('an order that does not fit waits for a later check, and says why', async () => {
  const orders = { count: 2, perMs: 2 * hourMs };
  table = desk({
    issuers: { local: { ...local, limits: { orders } } },
    certificates: ['a', 'b', 'c'].map((id) => wanted({ id })),
  });
  const lines = await table.run();
  expect(lines.map(({ action }) => action)).toEqual(['issue', 'issue', 'wait']);
  expect(lines[2]?.reason).toMatch(
    /^there is no certificate yet; 2 orders in 2 hours are as good as/,
  );
  expect(table.sent).toMatchObject([{ certificate: 'a' }, { certificate: 'b' }]);
});

test('that people cannot be told keeps no order from being sent', async () => {
  table = desk({ issuers: { local }, certificates: [wanted()] });
  const ends = { notBefore: inDays(-88).toISOString(), notAfter: inDays(2).toISOString() };
  await table.holds(healthy({ versions: [versionOf(ends)] }));
  table.fails.bus = true;
  await expect(table.run()).rejects.toThrow('no bus');
  expect(table.sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
});

test('when the limits cannot be read everything is sent: issue counts for itself', async () => {
  table = desk({ issuers: { local }, certificates: [wanted()] });
  table.fails.budgets = true;
  const lines = await table.run();
  expect(lines).toMatchObject([{ certificate: 'shop', action: 'issue' }]);
});

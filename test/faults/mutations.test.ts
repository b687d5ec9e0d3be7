import { expect, test } from 'vitest';
import { faultsCommand } from './command.ts';
import { mutations } from './mutations/mutations.ts';

const sample = ['import-without-looking', 'event-outside-of-the-outbox'];
const tried = process.env.CERTKEEP_FULL
  ? mutations
  : mutations.filter(({ name }) => sample.includes(name));

const timeout = 180_000;

test.each(tried)('$name is found', { timeout }, async (mutation) => {
  const { summary, output } = await faultsCommand(argsOf(mutation), mutation);
  expect(summary.violations, output).toBeGreaterThan(0);
});

test('without them, the same faults break nothing', { timeout: 3 * timeout }, async () => {
  for (const [call, alike] of Map.groupBy(tried, (mutation) => mutation.call)) {
    const faults = [...new Set(alike.flatMap((mutation) => mutation.faults))];
    const { summary, output } = await faultsCommand(argsOf({ call, faults }));
    expect(summary.violations, output).toBe(0);
    expect(summary.runs, `${call} was not found`).toBeGreaterThan(0);
  }
});

function argsOf({ call, faults }: { call: string; faults: readonly string[] }): readonly string[] {
  return ['--call', call, ...faults.flatMap((fault) => ['--fault', fault]), '--jobs', '1'];
}

import { expect, test } from 'vitest';
import { faultsCommand } from './command.ts';

test('the fleet survives a few faults taken at random', { timeout: 180_000 }, async () => {
  const { summary, output } = await faultsCommand(['--sample', '4', '--jobs', '1']);
  // With seed and command of whatever was broken.
  expect(summary.violations, output).toBe(0);
  expect(summary.runs).toBe(4);
});

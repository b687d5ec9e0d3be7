import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isFull } from '#test/support/full.ts';
import { faultsCommand } from './command.ts';
import { mutations } from './mutations/mutations.ts';

const sample = ['event-outside-of-the-outbox'];
const tried = isFull ? mutations : mutations.filter(({ name }) => sample.includes(name));

test.each(mutations)('the rule that $name breaks is still written as it was', ({ patches }) => {
  for (const { file, from } of patches) {
    const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(text.split(from), `${file}: ${from}`).toHaveLength(2);
  }
});

const timeout = 180_000;

test.each(tried)('$name is found', { timeout }, async (mutation) => {
  const { summary, output } = await faultsCommand([...argsOf(mutation), '--first'], mutation);
  expect(summary.violations, output).toBeGreaterThan(0);
});

/** One call after another with the faults that find something there, and none of the others. */
const alike = [...Map.groupBy(tried, ({ faults }) => faults.join(' and '))];

test.runIf(isFull).each(alike)(
  'without them, %s at the same calls breaks nothing',
  { timeout: 5 * timeout },
  async (_, those) => {
    const { summary, output } = await faultsCommand(argsOf(...those));
    expect(summary.violations, output).toBe(0);
    expect(summary.runs).toBeGreaterThanOrEqual(new Set(those.map(({ call }) => call)).size);
  },
);

type Asked = Pick<(typeof mutations)[number], 'call' | 'faults'>;

function argsOf(...asked: readonly Asked[]): readonly string[] {
  const calls = new Set(asked.map(({ call }) => call));
  const faults = new Set(asked.flatMap((each) => each.faults));
  return [
    ...[...calls].flatMap((call) => ['--call', call]),
    ...[...faults].flatMap((fault) => ['--fault', fault]),
    ...['--setting', 'fleet'],
    ...['--jobs', '1'],
  ];
}

import { expect, test } from 'vitest';
import { readOptions } from '#scripts/smoke/options.ts';
import { outcomeTable, refusalText } from '#scripts/smoke/report.ts';

const arn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/trial/0123456789abcdef/0123456789abcdef';
const good = {
  account: '123456789012',
  region: 'us-east-1',
  zone: 'trial.example.net',
  listener: arn,
};

function read(change: Partial<typeof good> & Record<string, string> = {}) {
  return readOptions(
    Object.entries({ ...good, ...change }).flatMap(([name, value]) => [`--${name}`, value]),
  );
}

test('the trial uses the named options, and the installation certkeep by default', () => {
  expect(read()).toEqual({
    options: { ...good, installation: 'certkeep', yes: false, json: false },
  });
});

test.each([
  ['account', '1234', 'is no account id'],
  ['region', 'virginia', 'is not a region'],
  ['zone', 'co.uk', 'is no domain that belongs to one owner'],
  ['zone', 'net', 'is no domain that belongs to one owner'],
  ['installation', 'aws-things', 'is not the name of an installation'],
  ['listener', 'arn:aws:acm:us-east-1:123456789012:certificate/x', 'is no ARN of a listener'],
  [
    'listener',
    arn.replace('us-east-1', 'eu-west-1'),
    'is not in account 123456789012 and region us-east-1',
  ],
  ['listener', arn.replace('123456789012', '111111111111'), 'is not in account 123456789012'],
])('--%s %s is refused without asking AWS', (name, value, problem) => {
  expect(read({ [name]: value })).toEqual({
    refusals: [
      {
        path: `--${name}`,
        value,
        problem: expect.stringContaining(problem),
        fix: expect.any(String),
      },
    ],
  });
});

test('all mistakes are reported at once, each with its value and the fix', () => {
  const result = readOptions(['--zone', 'example.net']);
  const text = refusalText('refusals' in result ? result.refusals : []);
  expect(text).toMatch(
    /^Refused; nothing was touched:\n {2}--account: \(nothing\)\n {4}is no account id\n {4}Give/,
  );
  expect(text).toMatch(/--region: .*--listener: /s);
});

test('an option that nobody knows is a problem', () => {
  expect(readOptions(['--acount', '1'])).toMatchObject({
    problem: expect.stringContaining('--acount'),
  });
});

test('the table keeps to 100 columns, also with words that are longer', () => {
  const saw = `${'a word '.repeat(40)}${'x'.repeat(300)}`;
  const outcome = {
    name: 'concurrency',
    result: 'failed',
    durationMs: 123_456,
    saw,
    todo: saw,
  } as const;
  const lines = outcomeTable([outcome]).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(lines.join('').replaceAll(/\s/g, '')).toContain('x'.repeat(300));
});

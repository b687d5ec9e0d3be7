import { expect, test } from 'vitest';
import { evaluated, expressionOf } from '#cloud/services/cloudwatch/expressions.ts';
import type { Values } from '#cloud/services/cloudwatch/values.ts';

const known: Readonly<Record<string, Values>> = {
  m1: [1, null, 3, null],
  m2: [2, 4, 0, null],
  gap: [null, 2, null, null, 8, null],
};

const of = (text: string, length = 4) =>
  evaluated(expressionOf(text), length, (id) => known[id] ?? []);

test.each<[string, Values]>([
  ['m1 + m2', [3, null, 3, null]],
  ['100 * m1 / m2', [50, null, null, null]],
  ['m2 - 1 - 1', [0, 2, -2, null]],
  ['2 + 3 * 4', [14, 14, 14, 14]],
  ['(2 + 3) * -4', [-20, -20, -20, -20]],
  ['2 ^ 3 ^ 2', [512, 512, 512, 512]],
  ['FILL(m1, 0)', [1, 0, 3, 0]],
  ['FILL(m1, -1.5) + m2', [3, 2.5, 3, null]],
  ['FILL(m1 / m2, 7)', [0.5, 7, 7, 7]],
])('%s is %j', (text, values) => expect(of(text)).toEqual(values));

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html, "FILL"
test('a gap is filled with what came before it, or by a line across it', () => {
  expect(of('FILL(gap, REPEAT)')).toEqual([null, 2, 2, 2, 8, 8]);
  expect(of('FILL(gap, LINEAR)')).toEqual([null, 2, 4, 6, 8, null]);
});

test('an expression names the metrics that it needs', () => {
  expect(expressionOf('FILL(a1, 0) / (b + a1)').ids).toEqual(['a1', 'b', 'a1']);
});

test.each(['', 'm1 +', 'SUM(METRICS())', 'm1 > 3', 'FILL(m1)', 'm1 m2', '(m1', 'M1 + 1'])(
  'the expression "%s" is refused, not guessed',
  (text) => expect(() => expressionOf(text)).toThrow('is not implemented'),
);

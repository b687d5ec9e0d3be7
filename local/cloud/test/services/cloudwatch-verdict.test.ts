import { expect, test } from 'vitest';
import {
  type Comparison,
  evaluationRange,
  type MissingData,
  type Rule,
  verdictOf,
} from '#cloud/services/cloudwatch/verdict.ts';

/**
 * The tables of "Configuring how CloudWatch alarms treat missing data"
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html): 0 is within the threshold,
 * X breaches it, - is missing, and `keeps` is "Retain current state".
 */
const treatments: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const unknown = 'INSUFFICIENT_DATA';

type Row = readonly [points: string, ...states: readonly string[]];

const threeOfThree: readonly Row[] = [
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', unknown, 'keeps', 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', 'keeps', 'ALARM', 'OK'],
  // Not in the table of today, but in that of 2018.
  ['- - - - X', unknown, 'keeps', 'ALARM', 'OK'],
];

const twoOfThree: readonly Row[] = [
  ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 'ALARM', 'keeps', 'ALARM', 'OK'],
];

const rule = (change: Partial<Rule> = {}): Rule => ({
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  threshold: 1,
  comparison: 'GreaterThanOrEqualToThreshold',
  missingData: 'missing',
  ...change,
});

const rangeOf = (points: string) =>
  points.split(' ').map((point) => (point === '-' ? null : point === 'X' ? 1 : 0));

const cases = (datapointsToAlarm: number, rows: readonly Row[]) =>
  rows.flatMap(([points, ...states]) =>
    treatments.map((missingData, index) => ({
      datapointsToAlarm,
      points,
      missingData,
      state: states[index] ?? '',
    })),
  );

test.each([...cases(3, threeOfThree), ...cases(2, twoOfThree)])(
  '$datapointsToAlarm of 3: $points with missing data as $missingData: $state',
  (each) => {
    const { state } = verdictOf(rule(each), rangeOf(each.points));
    expect(state ?? 'keeps').toBe(each.state);
  },
);

test('the tables look at five values for three periods', () => {
  expect(evaluationRange({ evaluationPeriods: 3 })).toBe(5);
});

test.each<[Comparison, readonly number[]]>([
  ['GreaterThanOrEqualToThreshold', [1, 2]],
  ['GreaterThanThreshold', [2]],
  ['LessThanThreshold', [0]],
  ['LessThanOrEqualToThreshold', [0, 1]],
])('%s of 1 is true of %j', (comparison, breaching) => {
  const one = rule({ comparison, evaluationPeriods: 1, datapointsToAlarm: 1 });
  const found = [0, 1, 2].filter((value) => verdictOf(one, [null, null, value]).state === 'ALARM');
  expect(found).toEqual(breaching);
});

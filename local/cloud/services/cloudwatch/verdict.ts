import type { Values } from './values.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type MissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

export type Comparison =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export type Rule = {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly missingData: MissingData;
};

export type Verdict = {
  /** Null where the alarm keeps the state that it has. */
  readonly state: AlarmState | null;
  /** The places in the range of the values that were evaluated, the latest first. */
  readonly evaluated: readonly number[];
  /** How many missing values were filled in. */
  readonly filled: number;
};

/**
 * CloudWatch "attempts to retrieve a higher number of data points than the number specified as Evaluation Periods", and
 * does not say how many; in its examples it is two more
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
 */
export function evaluationRange({ evaluationPeriods }: Pick<Rule, 'evaluationPeriods'>): number {
  return evaluationPeriods + 2;
}

function breaches({ comparison, threshold }: Rule, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/**
 * The state of an alarm by the values of its evaluation range, in the order of time. Where there are enough of them, the
 * latest ones decide, from farther back too; otherwise the missing ones are filled in "only as few times as possible".
 */
export function verdictOf(rule: Rule, range: Values): Verdict {
  const { datapointsToAlarm, evaluationPeriods, missingData } = rule;
  const real = range
    .map((value, index) => ({ value, index }))
    .filter((each): each is { value: number; index: number } => each.value !== null)
    .toReversed()
    .slice(0, evaluationPeriods);
  const evaluated = real.map(({ index }) => index);
  const filled = evaluationPeriods - real.length;
  const breaching = real.filter(({ value }) => breaches(rule, value)).length;
  const decided = (state: AlarmState | null): Verdict => ({ state, evaluated, filled });
  const byCount = (count: number) => decided(count >= datapointsToAlarm ? 'ALARM' : 'OK');

  if (filled === 0 || missingData === 'notBreaching') return byCount(breaching);
  if (missingData === 'breaching') return byCount(breaching + filled);
  // One value within the threshold makes it OK, unless enough of the others breach it (both tables of that page).
  if (breaching >= datapointsToAlarm || breaching < real.length) return byCount(breaching);
  if (missingData === 'ignore') return decided(null);
  return decided(isOldEnough(rule, range, evaluated) ? 'ALARM' : 'INSUFFICIENT_DATA');
}

/**
 * "Avoiding premature transitions to alarm state": an alarm rings for few values where "the oldest available breaching
 * datapoint … is at least as old as the value of Datapoints to Alarm, and all other more recent data points are breaching
 * or missing". The page does not name the state of one that is younger; it stood in its table until 2020.
 */
function isOldEnough(
  { datapointsToAlarm }: Rule,
  range: Values,
  evaluated: readonly number[],
): boolean {
  const oldest = evaluated.at(-1);
  return oldest !== undefined && range.length - oldest >= datapointsToAlarm;
}

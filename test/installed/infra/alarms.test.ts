import { expect, test } from 'vitest';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

const alarms = () =>
  synthesized(configYaml())
    .all('AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties);

test('every alarm tells people, with its severity and the heading of the runbook', () => {
  for (const alarm of alarms()) {
    expect(alarm.AlarmActions).toHaveLength(1);
    expect(alarm.AlarmDescription).toMatch(/^(high|medium): .+ See docs\/runbook\.md#[a-z]+$/);
  }
});

test('every queue of dead letters and every function is watched', () => {
  const watched = alarms().map(({ AlarmName }) => AlarmName);
  expect(watched.filter((name) => name.includes('DeadLetters'))).toHaveLength(4);
  expect(watched.filter((name) => name.includes('FunctionFails'))).toHaveLength(6);
});

test('a check that no longer runs rings, and one that has not run yet does not: a new alarm begins without data', () => {
  const [silent] = alarms().filter(({ AlarmName }) => AlarmName.includes('CheckSilent'));
  expect(silent).toMatchObject({
    MetricName: 'Invocations',
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'missing',
    Threshold: 1,
  });
  expect(silent.Period * silent.EvaluationPeriods).toBe(3_600);
  expect(silent.InsufficientDataActions).toEqual(silent.AlarmActions);
  const others = alarms().filter(({ AlarmName }) => AlarmName !== silent.AlarmName);
  expect(others.filter((alarm) => alarm.InsufficientDataActions)).toEqual([]);
});

test('failures of a function are counted over an hour, and an hour without a run has none', () => {
  const failing = alarms().filter(({ AlarmName }) => AlarmName.includes('FunctionFails'));
  for (const { EvaluationPeriods, Metrics, Threshold } of failing) {
    expect([EvaluationPeriods, Threshold]).toEqual([1, 3]);
    expect(Metrics).toMatchObject([
      { Expression: 'FILL(errors, 0)' },
      { Id: 'errors', MetricStat: { Period: 3_600, Stat: 'Sum' }, ReturnData: false },
    ]);
  }
});

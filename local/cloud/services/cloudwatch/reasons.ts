import type { Watched } from './alarm.ts';
import type { Values, Window } from './values.ts';
import type { AlarmState, Comparison, Verdict } from './verdict.ts';

const words: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** Why an alarm has gone to a state, in the words that CloudWatch sends. */
export function reasonFor(
  state: AlarmState,
  { rule }: Watched,
  { evaluated, filled }: Verdict,
  range: Values,
  windows: readonly Window[],
): string {
  const { comparison, datapointsToAlarm, evaluationPeriods, missingData, threshold } = rule;
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${datapoints(evaluationPeriods)} unknown.`;
  }
  const treated = `treated as [${missingData === 'breaching' ? 'Breaching' : 'NonBreaching'}]`;
  if (evaluated.length === 0) {
    const periods = `${filled} period${filled === 1 ? '' : 's'}`;
    return `Threshold Crossed: no datapoints were received for ${periods} and ${missing(filled)} ${treated}.`;
  }
  const shown = evaluated.map(
    (index) => `${double(range[index] ?? 0)} (${shortTime(windows[index]?.fromMs ?? 0)})`,
  );
  const not = state === 'OK' ? 'not ' : '';
  const was = evaluated.length === 1 ? 'was' : 'were';
  const least = state === 'OK' ? evaluationPeriods - datapointsToAlarm + 1 : datapointsToAlarm;
  const transition = state === 'OK' ? 'ALARM -> OK' : 'OK -> ALARM';
  const known = `${evaluated.length} out of the last ${evaluationPeriods} datapoints [${shown.join(', ')}] ${was} ${not}${words[comparison]} the threshold (${double(threshold)})`;
  const isFilled = filled > 0 && (missingData === 'breaching' || missingData === 'notBreaching');
  const others = isFilled ? ` and ${missing(filled)} ${treated}` : '';
  return `Threshold Crossed: ${known}${others} (minimum ${least} datapoint${least === 1 ? '' : 's'} for ${transition} transition).`;
}

/** The same for programs: StateReasonData. */
export function reasonDataFor(
  { rule, periodMs, settings }: Watched,
  { evaluated }: Verdict,
  range: Values,
  windows: readonly Window[],
  at: Date,
): string {
  return JSON.stringify({
    version: '1.0',
    queryDate: alarmTime(at),
    ...(windows[0] && { startDate: alarmTime(new Date(windows[0].fromMs)) }),
    ...(settings.Statistic && { statistic: settings.Statistic }),
    period: periodMs / 1_000,
    recentDatapoints: evaluated.map((index) => range[index]).toReversed(),
    threshold: rule.threshold,
  });
}

/** `2026-11-22T03:00:00.000+0000`. */
export function alarmTime(time: Date): string {
  return time.toISOString().replace('Z', '+0000');
}

function datapoints(count: number): string {
  return count === 1 ? '1 datapoint was' : `${count} datapoints were`;
}

function missing(count: number): string {
  return count === 1 ? '1 missing datapoint was' : `${count} missing datapoints were`;
}

/** `3.0`, as CloudWatch writes every number. */
function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `22/11/26 03:00:00`. */
function shortTime(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().slice(2, 19).split('T');
  return `${date.split('-').toReversed().join('/')} ${time}`;
}

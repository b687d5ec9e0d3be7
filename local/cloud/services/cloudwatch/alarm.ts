import type { MetricDataQuery, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { dayMs, hourMs } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { assertPeriod, assertQueries, invalid, periodMsOf, statisticOf } from './queries.ts';
import type { AlarmState, Comparison, MissingData, Rule } from './verdict.ts';

/** What an alarm is told, as PutMetricAlarm and the template spell it. */
export type AlarmSettings = Pick<
  PutMetricAlarmCommandInput,
  | 'AlarmName'
  | 'AlarmDescription'
  | 'ActionsEnabled'
  | 'OKActions'
  | 'AlarmActions'
  | 'InsufficientDataActions'
  | 'MetricName'
  | 'Namespace'
  | 'Statistic'
  | 'Dimensions'
  | 'Period'
  | 'Unit'
  | 'Metrics'
  | 'EvaluationPeriods'
  | 'DatapointsToAlarm'
  | 'Threshold'
  | 'ComparisonOperator'
  | 'TreatMissingData'
>;

export type Alarm = Place & {
  readonly name: string;
  readonly arn: string;
  settings: AlarmSettings;
  /** What it watches, of which the query with that id decides. */
  queries: readonly MetricDataQuery[];
  watchedId: string;
  periodMs: number;
  rule: Rule;
  configuredAt: Date;
  state: AlarmState;
  reason: string;
  /** JSON, or nothing before the first evaluation. */
  reasonData: string | null;
  changedAt: Date;
  /** How much had been put when nothing was in its range: until more is, nothing changes. Null where something was. */
  idleAfterPuts: number | null;
};

export type Watched = Pick<Alarm, 'settings' | 'queries' | 'watchedId' | 'periodMs' | 'rule'>;

const comparisons: readonly string[] = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] satisfies readonly Comparison[];

const treatments: readonly string[] = [
  'missing',
  'notBreaching',
  'breaching',
  'ignore',
] satisfies readonly MissingData[];

/** What the settings mean. @throws AwsError for what CloudWatch refuses, and for what is unknown here */
export function watchedBy(settings: AlarmSettings): Watched {
  const { AlarmName = '', ComparisonOperator = '', TreatMissingData = 'missing' } = settings;
  if (!/^[\x20-\x7e]{1,255}$/.test(AlarmName)) throw invalid(`the name ${AlarmName}`);
  assertActions(settings);
  const queries = settings.Metrics ?? [singleQuery(settings)];
  assertQueries(queries);
  const [watched, ...others] = queries.filter(({ ReturnData }) => ReturnData ?? true);
  if (!watched?.Id || others.length > 0) {
    throw invalid(`${AlarmName}: exactly one of its metrics must return data`);
  }
  if (!comparisons.includes(ComparisonOperator)) {
    throw notImplemented('PutMetricAlarm', `ComparisonOperator ${ComparisonOperator}`);
  }
  if (!treatments.includes(TreatMissingData)) throw invalid(`TreatMissingData ${TreatMissingData}`);
  const { DatapointsToAlarm, EvaluationPeriods = 0, Threshold } = settings;
  const datapointsToAlarm = DatapointsToAlarm ?? EvaluationPeriods;
  if (EvaluationPeriods < 1) throw invalid(`EvaluationPeriods ${EvaluationPeriods}`);
  if (datapointsToAlarm < 1 || datapointsToAlarm > EvaluationPeriods) {
    throw invalid(`DatapointsToAlarm ${datapointsToAlarm}`);
  }
  if (Threshold === undefined) throw invalid(`${AlarmName} has no Threshold`);
  const periodMs = periodMsOf(queries);
  assertLength(EvaluationPeriods * periodMs, periodMs);
  return {
    settings,
    queries,
    watchedId: watched.Id,
    periodMs,
    rule: {
      evaluationPeriods: EvaluationPeriods,
      datapointsToAlarm,
      threshold: Threshold,
      comparison: ComparisonOperator as Comparison,
      missingData: TreatMissingData as MissingData,
    },
  };
}

function singleQuery(settings: AlarmSettings): MetricDataQuery {
  const { Dimensions, MetricName, Namespace, Period, Statistic, Unit } = settings;
  const Metric = { Namespace, MetricName, Dimensions };
  const Stat = statisticOf(Statistic);
  return { Id: 'm1', MetricStat: { Metric, Period: assertPeriod(Period), Stat, Unit } };
}

/** The states an alarm can go to, and the settings that say what to do then. */
export const actionsOn = {
  OK: 'OKActions',
  ALARM: 'AlarmActions',
  INSUFFICIENT_DATA: 'InsufficientDataActions',
} as const satisfies Readonly<Record<AlarmState, keyof AlarmSettings>>;

function assertActions(settings: AlarmSettings): void {
  for (const name of Object.values(actionsOn)) {
    const actions = settings[name] ?? [];
    if (actions.length > 5) throw invalid(`${name}: more than 5 actions`);
    const other = actions.find((action) => !/^arn:[\w-]+:sns:/.test(action));
    if (other !== undefined) throw notImplemented('PutMetricAlarm', `the action ${other}`);
  }
}

/** API_PutMetricAlarm, "Period": seven days, or one where the period is less than an hour. */
function assertLength(totalMs: number, periodMs: number): void {
  if (totalMs <= (periodMs < hourMs ? dayMs : 7 * dayMs)) return;
  throw new AwsError(
    'ValidationError',
    'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
  );
}

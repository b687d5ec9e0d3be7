import type {
  GetMetricDataCommandInput,
  GetMetricDataOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsOutput,
  ListMetricsCommandInput,
  ListMetricsOutput,
  MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { secondMs } from '../../clock.ts';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { between, type Metrics } from './metrics.ts';
import {
  assertPeriod,
  assertQueries,
  dimensionsOf,
  invalid,
  periodMsOf,
  statisticOf,
  statisticValue,
  valuesOf,
} from './queries.ts';
import type { Window } from './values.ts';

/** "The maximum number of data points returned from a single call is 1,440": API_GetMetricStatistics. */
const mostDatapoints = 1_440;

export function getMetricStatistics(
  metrics: Metrics,
  input: GetMetricStatisticsCommandInput,
  call: Call,
): GetMetricStatisticsOutput {
  supportOnly('GetMetricStatistics', input, [
    'Namespace',
    'MetricName',
    'Dimensions',
    'StartTime',
    'EndTime',
    'Period',
    'Statistics',
    'Unit',
  ]);
  const { Dimensions, MetricName: name = '', Namespace: namespace = '', Period, Unit } = input;
  const statistics = (input.Statistics ?? []).map(statisticOf);
  if (statistics.length === 0) throw invalid('Statistics or ExtendedStatistics is required');
  const windows = windowsOf(input, assertPeriod(Period) * secondMs);
  if (windows.length > mostDatapoints) {
    throw invalid(
      `You have requested up to ${windows.length} datapoints, which exceeds the limit of ${mostDatapoints}.`,
    );
  }
  const series = metrics.find(call, { namespace, name, dimensions: dimensionsOf(Dimensions) });
  const isOther = !series || (Unit !== undefined && series.unit !== Unit);
  const found = isOther
    ? []
    : windows.flatMap(({ fromMs, toMs }) => between(series, fromMs, toMs) ?? []);
  return {
    Label: name,
    Datapoints: found.map((aggregate) => ({
      Timestamp: new Date(aggregate.atMs),
      ...Object.fromEntries(statistics.map((each) => [each, statisticValue(each, aggregate)])),
      ...(series?.unit && { Unit: series.unit as 'Count' }),
    })),
  };
}

export function getMetricData(
  metrics: Metrics,
  input: GetMetricDataCommandInput,
  call: Call,
): GetMetricDataOutput {
  supportOnly('GetMetricData', input, ['MetricDataQueries', 'StartTime', 'EndTime', 'ScanBy']);
  const queries = input.MetricDataQueries ?? [];
  assertQueries(queries);
  const isAscending = input.ScanBy === 'TimestampAscending';
  const shown = queries.filter(({ ReturnData }) => ReturnData ?? true);
  return {
    MetricDataResults: shown.map((query) => {
      const { Id = '' } = query;
      const windows = windowsOf(input, periodMsOf(query.MetricStat ? [query] : queries));
      const values = valuesOf(Id, queries, windows, { metrics, place: call });
      const found = windows.flatMap(({ fromMs }, index) => {
        const value = values[index] ?? null;
        return value === null ? [] : [{ value, at: new Date(fromMs) }];
      });
      if (!isAscending) found.reverse();
      return {
        Id,
        Label: query.Label ?? labelOf(query),
        Timestamps: found.map(({ at }) => at),
        Values: found.map(({ value }) => value),
        StatusCode: 'Complete' as const,
      };
    }),
    Messages: [],
  };
}

function labelOf({ Id, MetricStat }: MetricDataQuery): string {
  return MetricStat?.Metric?.MetricName ?? Id ?? '';
}

export function listMetrics(
  metrics: Metrics,
  input: ListMetricsCommandInput,
  call: Call,
): ListMetricsOutput {
  supportOnly('ListMetrics', input, ['Namespace', 'MetricName', 'Dimensions']);
  const { Dimensions = [], MetricName, Namespace } = input;
  const wanted = metrics
    .all(call)
    .filter(
      ({ dimensions, name, namespace }) =>
        (Namespace ?? namespace) === namespace &&
        (MetricName ?? name) === name &&
        Dimensions.every(
          ({ Name = '', Value }) =>
            Name in dimensions && (Value ?? dimensions[Name]) === dimensions[Name],
        ),
    );
  return {
    Metrics: wanted.map(({ dimensions, name, namespace }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
  };
}

/** Whole periods: a start time in the midst of one is rounded down, as CloudWatch does. */
function windowsOf(
  {
    EndTime,
    StartTime,
  }: { readonly StartTime: Date | undefined; readonly EndTime: Date | undefined },
  periodMs: number,
): readonly Window[] {
  if (!StartTime || !EndTime) throw invalid('StartTime and EndTime are required');
  if (StartTime >= EndTime) throw invalid('StartTime must be less than EndTime');
  const firstMs = Math.floor(StartTime.getTime() / periodMs) * periodMs;
  const count = Math.ceil((EndTime.getTime() - firstMs) / periodMs);
  return Array.from({ length: count }, (_, index) => {
    const fromMs = firstMs + index * periodMs;
    return { fromMs, toMs: fromMs + periodMs };
  });
}

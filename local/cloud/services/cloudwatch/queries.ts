import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { secondMs } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { evaluated, expressionOf } from './expressions.ts';
import {
  type Aggregate,
  between,
  type Dimensions,
  type MetricName,
  type Metrics,
} from './metrics.ts';
import type { Values, Window } from './values.ts';

export type Statistic = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';

const readings: Readonly<Record<Statistic, (aggregate: Aggregate) => number>> = {
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ min }) => min,
  Maximum: ({ max }) => max,
  SampleCount: ({ count }) => count,
};

/** @throws AwsError for percentiles and other statistics that are unknown here */
export function statisticOf(text: string | undefined): Statistic {
  if (text !== undefined && text in readings) return text as Statistic;
  throw notImplemented('CloudWatch', `the statistic ${text}`);
}

export function statisticValue(statistic: Statistic, aggregate: Aggregate): number {
  return readings[statistic](aggregate);
}

/** The metric of a query that names one; null for an expression. */
export function metricOf({ MetricStat }: MetricDataQuery): MetricName | null {
  const { Namespace: namespace, MetricName: name, Dimensions } = MetricStat?.Metric ?? {};
  if (!MetricStat) return null;
  if (!namespace || !name) throw invalid('a MetricStat needs Namespace and MetricName');
  return { namespace, name, dimensions: dimensionsOf(Dimensions) };
}

export function dimensionsOf(
  given: readonly {
    readonly Name?: string | undefined;
    readonly Value?: string | undefined;
  }[] = [],
): Dimensions {
  return Object.fromEntries(given.map(({ Name = '', Value = '' }) => [Name, Value]));
}

/** @throws AwsError for queries that cannot be computed, before there is any data */
export function assertQueries(queries: readonly MetricDataQuery[]): void {
  const ids = queries.map(({ Id = '' }) => Id);
  if (new Set(ids).size < ids.length) throw invalid('two queries have the same Id');
  for (const query of queries) {
    if (!/^[a-z]\w*$/.test(query.Id ?? '')) throw invalid(`the Id ${query.Id}`);
    if (!query.MetricStat === !query.Expression) {
      throw invalid(`${query.Id} needs either Expression or MetricStat`);
    }
    if (query.AccountId) throw notImplemented('CloudWatch', 'AccountId');
    if (query.MetricStat) {
      metricOf(query);
      statisticOf(query.MetricStat.Stat);
      assertPeriod(query.MetricStat.Period);
    }
    if (query.Expression) {
      const unknown = expressionOf(query.Expression).ids.find((id) => !ids.includes(id));
      if (unknown !== undefined) throw invalid(`${query.Id}: there is no ${unknown}`);
    }
  }
  for (const { Id = '' } of queries) assertNoCircle(Id, queries, []);
}

/** "Valid values are 10, 20, 30, and any multiple of 60": API_PutMetricAlarm. */
export function assertPeriod(seconds: number | undefined): number {
  const isKnown =
    seconds !== undefined &&
    ([1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0));
  if (isKnown) return seconds;
  throw invalid(`the period ${seconds}`);
}

/** The longest period of the queries, which decides how many windows there are. */
export function periodMsOf(queries: readonly MetricDataQuery[]): number {
  const periods = queries.map(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? 0);
  const seconds = Math.max(...periods);
  if (seconds > 0) return seconds * secondMs;
  throw invalid('no query has a Period');
}

/** Computes one of the queries, and first those that it is computed from. */
export function valuesOf(
  id: string,
  queries: readonly MetricDataQuery[],
  windows: readonly Window[],
  from: { readonly metrics: Metrics; readonly place: Place },
): Values {
  const query = queries.find(({ Id }) => Id === id);
  const metric = query && metricOf(query);
  if (metric) {
    const { Stat, Unit } = query.MetricStat ?? {};
    const series = from.metrics.find(from.place, metric);
    // "If you specify a unit that does not match the data collected, the results of the operation are null" (API_MetricStat).
    if (!series || (Unit !== undefined && series.unit !== Unit)) return windows.map(() => null);
    return windows.map(({ fromMs, toMs }) => {
      const aggregate = between(series, fromMs, toMs);
      return aggregate && statisticValue(statisticOf(Stat), aggregate);
    });
  }
  return evaluated(expressionOf(query?.Expression ?? ''), windows.length, (other) =>
    valuesOf(other, queries, windows, from),
  );
}

function assertNoCircle(
  id: string,
  queries: readonly MetricDataQuery[],
  above: readonly string[],
): void {
  if (above.includes(id))
    throw invalid(`expressions need each other: ${[...above, id].join(', ')}`);
  const expression = queries.find(({ Id }) => Id === id)?.Expression;
  if (!expression) return;
  for (const other of expressionOf(expression).ids) assertNoCircle(other, queries, [...above, id]);
}

export function invalid(what: string): AwsError {
  return new AwsError('ValidationError', `Invalid: ${what}`);
}

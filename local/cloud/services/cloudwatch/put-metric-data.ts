import type { MetricDatum, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import type { Metrics, Sample } from './metrics.ts';
import { dimensionsOf } from './queries.ts';

/** "Each request is also limited to no more than 1000 different metrics": API_PutMetricData. */
const mostMetrics = 1_000;

export function putMetricData(
  metrics: Metrics,
  clock: Clock,
  input: PutMetricDataCommandInput,
  call: Call,
): object {
  supportOnly('PutMetricData', input, ['Namespace', 'MetricData']);
  const { MetricData = [], Namespace = '' } = input;
  if (!/^[\w.\-/#:]{1,255}$/.test(Namespace) || Namespace.startsWith('AWS/')) {
    throw invalid(`The value ${Namespace} for parameter Namespace is invalid.`);
  }
  if (MetricData.length > mostMetrics) throw invalid('There are too many metrics.');
  const samples = MetricData.flatMap((datum) => samplesOf(datum, Namespace, clock.now()));
  for (const sample of samples) metrics.put(call, sample);
  return {};
}

function samplesOf(datum: MetricDatum, namespace: string, now: Date): readonly Sample[] {
  const { Counts, Dimensions, MetricName: name, StatisticValues: statistics } = datum;
  if (!name) throw invalid('The parameter MetricName is required.');
  const common = {
    namespace,
    name,
    dimensions: dimensionsOf(Dimensions),
    at: datum.Timestamp ?? now,
    unit: datum.Unit,
    isHighResolution: datum.StorageResolution === 1,
  };
  if (statistics) {
    const { Maximum: max = 0, Minimum: min = 0, SampleCount: count = 0, Sum: sum = 0 } = statistics;
    return [{ ...common, value: { count, sum, min, max } }];
  }
  const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
  if (values.length === 0)
    throw invalid('At least one of Value, Values and StatisticValues is required.');
  return values.map((value, index) => {
    const count = Counts?.[index] ?? 1;
    return { ...common, value: { count, sum: value * count, min: value, max: value } };
  });
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

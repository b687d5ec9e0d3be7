import { type ErrorName, isCertkeepError } from './errors.ts';
import type { Stage } from './stage.ts';

export type LogFields = {
  readonly stage: Stage;
  readonly certificate?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly durationMs?: number;
  readonly [field: string]: string | number | boolean | null | undefined | EmbeddedMetrics;
};

type EmbeddedMetrics = {
  /** Milliseconds since 1970. */
  readonly Timestamp: number;
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
  }[];
};

/**
 * Returns the fields that make a line of the log a metric of CloudWatch
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function embeddedMetric(
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  at: Date,
  { name, unit, value }: { readonly name: string; readonly unit: string; readonly value: number },
): Readonly<Record<string, string | number | EmbeddedMetrics>> {
  const metric = { Name: name, Unit: unit };
  const directive = {
    Namespace: namespace,
    Dimensions: [Object.keys(dimensions)],
    Metrics: [metric],
  };
  return {
    ...dimensions,
    [name]: value,
    _aws: { Timestamp: at.getTime(), CloudWatchMetrics: [directive] },
  };
}

/** Writes one structured line per step: a static message and fields. Never a whole event, request or response. */
export type Log = {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
};

/** Somebody else has written an object that only certkeep may write. */
const intrusions: readonly ErrorName[] = ['AttemptNotOurs'];

/** The level of a failure that the ledger records and retries: an error without a name of ours is a defect to investigate. */
export function levelOf(error: unknown): 'warn' | 'error' {
  if (intrusions.some((name) => isCertkeepError(error, name))) return 'error';
  return isCertkeepError(error) ? 'warn' : 'error';
}

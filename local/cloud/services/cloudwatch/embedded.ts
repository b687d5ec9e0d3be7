import * as z from 'zod';
import type { Place } from '../../wire/place.ts';
import type { Dimensions, Metrics } from './metrics.ts';

const directive = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(
    z.object({
      Name: z.string(),
      Unit: z.string().optional(),
      StorageResolution: z.number().optional(),
    }),
  ),
});

const embedded = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }),
});

/**
 * The metrics within a line of a log, in embedded metric format; a line of another form has none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function putEmbedded(metrics: Pick<Metrics, 'put'>, place: Place, line: string): void {
  const parsed = line.startsWith('{') && line.includes('"_aws"') ? json(line) : null;
  const read = embedded.safeParse(parsed);
  if (!read.success) return;
  const { _aws, ...members } = read.data;
  for (const { Dimensions, Metrics, Namespace } of _aws.CloudWatchMetrics) {
    for (const names of Dimensions) {
      const dimensions = dimensionsIn(members, names);
      for (const { Name, StorageResolution, Unit } of dimensions ? Metrics : []) {
        for (const value of [members[Name]].flat().filter((each) => typeof each === 'number')) {
          metrics.put(place, {
            namespace: Namespace,
            name: Name,
            dimensions: dimensions ?? {},
            at: new Date(_aws.Timestamp),
            unit: Unit,
            value,
            isHighResolution: StorageResolution === 1,
          });
        }
      }
    }
  }
}

/** Null where one of them is missing. */
function dimensionsIn(
  members: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Dimensions | null {
  const pairs = names.map((name) => [name, members[name]] as const);
  return pairs.every(([, value]) => typeof value === 'string')
    ? (Object.fromEntries(pairs) as Dimensions)
    : null;
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A log may hold any text.
    return null;
  }
}

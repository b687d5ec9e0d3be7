import { dayMs, minuteMs, secondMs } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';

export type Dimensions = Readonly<Record<string, string>>;

export type MetricName = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
};

/** What was measured in one minute, or in one second of a high-resolution metric. */
export type Aggregate = {
  readonly atMs: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
};

export type Sample = MetricName & {
  readonly at: Date;
  readonly unit?: string | undefined;
  /** One value, or what somebody has added up already. */
  readonly value: number | Omit<Aggregate, 'atMs'>;
  readonly isHighResolution?: boolean;
};

export type Series = MetricName &
  Place & {
    /** As it was put last. */
    readonly unit: string | null;
    /** In the order of time. */
    readonly points: readonly Aggregate[];
  };

export type Metrics = {
  put(place: Place, sample: Sample): void;
  /** Null for a metric that nobody has put. Every set of dimensions is a metric of its own. */
  find(place: Place, metric: MetricName): Series | null;
  all(place: Place): readonly Series[];
  /** How many samples were put so far. */
  puts(): number;
};

/** "Data points with a period of 60 seconds … are available for 15 days"; here there are none after that (cloudwatch_concepts.html). */
const keptMs = 15 * dayMs;

type Kept = MetricName & Place & { unit: string | null; points: Aggregate[] };

/** The metrics of CloudWatch, of every account and region. */
export function metrics(): Metrics {
  const known = new Map<string, Kept>();
  let puts = 0;
  return {
    put(place, sample) {
      const { dimensions, name, namespace, unit } = sample;
      const key = keyOf(place, sample);
      const { account, region } = place;
      const series: Kept = known.get(key) ?? {
        account,
        region,
        namespace,
        name,
        dimensions,
        unit: null,
        points: [],
      };
      known.set(key, series);
      if (unit !== undefined) series.unit = unit;
      puts += 1;
      insert(series.points, aggregateOf(sample));
    },
    puts: () => puts,
    find: (place, metric) => known.get(keyOf(place, metric)) ?? null,
    all: ({ account, region }) =>
      [...known.values()].filter((each) => each.account === account && each.region === region),
  };
}

function keyOf({ account, region }: Place, { dimensions, name, namespace }: MetricName): string {
  const sorted = Object.entries(dimensions).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([account, region, namespace, name, sorted]);
}

function aggregateOf({ at, isHighResolution, value }: Sample): Aggregate {
  const resolutionMs = isHighResolution ? secondMs : minuteMs;
  const atMs = Math.floor(at.getTime() / resolutionMs) * resolutionMs;
  if (typeof value !== 'number') return { ...value, atMs };
  return { atMs, count: 1, sum: value, min: value, max: value };
}

/** Nearly always at the end. */
function insert(points: Aggregate[], point: Aggregate): void {
  const index = points.findLastIndex(({ atMs }) => atMs <= point.atMs);
  const there = points[index];
  if (there?.atMs === point.atMs) points[index] = merged(there, point);
  else points.splice(index + 1, 0, point);
  const oldestMs = (points.at(-1)?.atMs ?? 0) - keptMs;
  const firstKept = points.findIndex(({ atMs }) => atMs >= oldestMs);
  if (firstKept > 0) points.splice(0, firstKept);
}

function merged(one: Aggregate, other: Aggregate): Aggregate {
  return {
    atMs: one.atMs,
    count: one.count + other.count,
    sum: one.sum + other.sum,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
  };
}

/** Everything from the first time up to the second; null where nothing was measured. */
export function between(
  { points }: Pick<Series, 'points'>,
  fromMs: number,
  toMs: number,
): Aggregate | null {
  const last = points.findLastIndex(({ atMs }) => atMs < toMs);
  const before = points.findLastIndex(({ atMs }) => atMs < fromMs);
  const [first, ...others] = points.slice(before + 1, last + 1);
  return first ? others.reduce(merged, { ...first, atMs: fromMs }) : null;
}

import { addMs, minuteMs } from '#shared/time/clock.ts';

/**
 * Gives for each field how far ahead of now its time may lie, in ms. A later time is a mistake or a forgery, and nobody may
 * have to wait for it.
 */
export type Times = { readonly [field: string]: number | Times | Each };

/** Applies to each entry of a list or a map. */
type Each = { readonly each: Times | number };

/** For facts, which lie in the past. */
export const past = 0;

/** Clocks differ by less. */
const skewMs = minuteMs;

export type Cut<Value> = {
  readonly value: Value;
  /** The place of each cut time and its value: `leases.acquire.until: 9999-…`. */
  readonly cuts: readonly string[];
};

export function isAhead(at: string, now: Date, longestMs: number): boolean {
  return new Date(at) > addMs(now, longestMs + skewMs);
}

/**
 * Returns the same value if every time is possible; otherwise `now` replaces the impossible ones, so that waiting work is
 * due.
 */
export function cutTimes<Value>(value: Value, times: Times, now: Date): Cut<Value> {
  const cuts: string[] = [];
  return { value: cut(value, times, '', { now, cuts }) as Value, cuts };
}

type Judging = { readonly now: Date; readonly cuts: string[] };

function cut(value: unknown, times: Times | number, path: string, judging: Judging): unknown {
  if (typeof times === 'number') return cutTime(value, times, path, judging);
  if (value === null || typeof value !== 'object') return value;
  if (isEach(times)) return cutEach(value, times.each, path, judging);
  const held = value as Readonly<Record<string, unknown>>;
  const changed = Object.entries(times).flatMap(([name, inner]) => {
    const before = held[name];
    const after = cut(
      before,
      inner as Times | number,
      path === '' ? name : `${path}.${name}`,
      judging,
    );
    return after === before ? [] : [[name, after] as const];
  });
  return changed.length === 0 ? value : { ...held, ...Object.fromEntries(changed) };
}

function cutEach(value: object, each: Times | number, path: string, judging: Judging): unknown {
  const entries = Object.entries(value);
  const after = entries.map(
    ([name, entry]) => [name, cut(entry, each, `${path}.${name}`, judging)] as const,
  );
  if (after.every(([, entry], index) => entry === entries[index]?.[1])) return value;
  return Array.isArray(value) ? after.map(([, entry]) => entry) : Object.fromEntries(after);
}

function cutTime(value: unknown, longestMs: number, path: string, { now, cuts }: Judging): unknown {
  if (typeof value !== 'string' || !isAhead(value, now, longestMs)) return value;
  cuts.push(`${path}: ${value}`);
  return now.toISOString();
}

function isEach(times: Times): times is Each {
  return 'each' in times;
}

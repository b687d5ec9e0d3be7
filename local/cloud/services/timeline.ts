/** A value with its history: a part of AWS that has not seen the latest change still sees an older value. */
export type Timeline<T> = {
  /** The present value. */
  latest(): T;
  /** The value as of `time`; before the beginning, the first one. */
  at(time: Date): T;
  /** The value as of `time`; null when there was none yet. */
  knownAt(time: Date): T | null;
  set(value: T, time: Date): void;
};

export function timeline<T>(first: T, time: Date): Timeline<T> {
  const entries = [{ value: first, since: time.getTime() }];
  function knownAt(at: Date): T | null {
    return entries.findLast((entry) => entry.since <= at.getTime())?.value ?? null;
  }
  return {
    knownAt,
    at: (at) => knownAt(at) ?? first,
    latest: () => entries.at(-1)?.value ?? first,
    set: (value, since) => void entries.push({ value, since: since.getTime() }),
  };
}

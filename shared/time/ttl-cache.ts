import type { Clock } from './clock.ts';

export type TtlCache<T> = {
  /** Returns the answer for the key, asked once for all callers. It does not remember a failure. */
  get(key: string): Promise<T>;
  forget(): void;
};

/** Keeps answers for a while: long enough for a run, short enough for a warm process to see changes. */
export function ttlCache<T>(
  clock: Clock,
  keptMs: number,
  ask: (key: string) => Promise<T>,
): TtlCache<T> {
  const known = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();

  function fresh(key: string): Promise<T> {
    const answer = ask(key);
    const entry = { answer, until: clock.now().getTime() + keptMs };
    known.set(key, entry);
    answer.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return answer;
  }

  return {
    get(key) {
      const entry = known.get(key);
      return entry && clock.now().getTime() < entry.until ? entry.answer : fresh(key);
    },
    forget: () => known.clear(),
  };
}

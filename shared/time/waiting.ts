import { addMs, type Clock } from './clock.ts';
import { deadlineSignal } from './deadline.ts';

/** Waits, or rejects when the run's deadline ends the wait. Nothing else in shared/ sleeps. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return clock.sleep(ms, deadlineSignal());
}

/** Waits until a time, and returns at once where it has come. */
export async function pauseUntil(clock: Clock, time: Date): Promise<void> {
  const ms = time.getTime() - clock.now().getTime();
  if (ms > 0) await pause(clock, ms);
}

/** Waits before another look. Returns false at once where that look would come after `end`. */
export async function pauseWithin(clock: Clock, ms: number, end: Date): Promise<boolean> {
  if (addMs(clock.now(), ms) > end) return false;
  await pause(clock, ms);
  return true;
}

/** A policy: how often something is tried, and how long. */
export type Waits = {
  /** The waits before the second try, the third, and so on: there is one more try than waits. */
  readonly waitsMs: readonly number[];
  /** If given, the last wait repeats until this time has passed since the first try. */
  readonly patienceMs?: number;
};

/** Returns the wait before the next try after so many tries; null where there is no further try. */
function waitAfter({ waitsMs, patienceMs }: Waits, tries: number, passedMs: number): number | null {
  if (patienceMs === undefined) return waitsMs[tries - 1] ?? null;
  return passedMs < patienceMs ? (waitsMs[tries - 1] ?? waitsMs.at(-1) ?? null) : null;
}

/** Looks until something is there. Returns null where nothing is there in the end. */
export async function poll<T>(
  clock: Clock,
  waits: Waits,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const startedAt = clock.now().getTime();
  for (let tries = 1; ; tries += 1) {
    const seen = await look();
    const waitMs = waitAfter(waits, tries, clock.now().getTime() - startedAt);
    if (seen !== null || waitMs === null) return seen;
    await pause(clock, waitMs);
  }
}

export type Retries = Waits & {
  /** Returns the actual wait after an error; null where another try would not help. */
  readonly waitFor: (error: unknown, waitMs: number) => number | null;
};

/** Repeats a call that may be made more than once. @throws the last error, where no further try helps or is left */
export async function retry<T>(
  clock: Clock,
  retries: Retries,
  call: (tries: number) => Promise<T>,
): Promise<T> {
  const startedAt = clock.now().getTime();
  for (let tries = 1; ; tries += 1) {
    try {
      return await call(tries);
    } catch (error) {
      const longestMs = waitAfter(retries, tries, clock.now().getTime() - startedAt);
      const waitMs = longestMs === null ? null : retries.waitFor(error, longestMs);
      if (waitMs === null) throw error;
      await pause(clock, waitMs);
    }
  }
}

/** Makes a `waitFor` that waits in full after these errors, and gives up after others. */
export function onlyAfter(mayPass: (error: unknown) => boolean): Retries['waitFor'] {
  return (error, waitMs) => (mayPass(error) ? waitMs : null);
}

/** A policy of so many tries with the same wait between them. */
export function evenly(tries: number, waitMs: number): Waits {
  return { waitsMs: new Array<number>(tries - 1).fill(waitMs) };
}

/** Full jitter: those who failed together do not come again together. */
export function jittered(random: () => number, longestMs: number): number {
  return Math.ceil(random() * longestMs);
}

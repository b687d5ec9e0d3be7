/** Time as a parameter: real in Lambda, virtual in tests, where no wait takes real time. */
export type Clock = {
  now(): Date;
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', abort, { once: true });
      function done() {
        signal?.removeEventListener('abort', abort);
        resolve();
      }
      function abort() {
        clearTimeout(timer);
        reject(signal?.reason);
      }
    }),
};

export function addMs(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}

/** Says whether so many milliseconds have passed since a time, in ISO 8601. A time that lies ahead counts as long ago. */
export function isPast(at: string, ms: number, now: Date): boolean {
  const since = now.getTime() - Date.parse(at);
  return since < 0 || since >= ms;
}

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

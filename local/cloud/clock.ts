/** Time as a parameter: real in `npm start`, virtual in tests, where no wait takes real time. */
export type Clock = {
  now(): Date;
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A clock that jumps has it: calls `tick` at each whole minute that the clock passes. Returns the function that ends this. */
  onMinute?(tick: () => void): () => void;
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

/** Calls `tick` at each whole minute of the clock, also for those that passed while nobody looked. Returns the function that ends this. */
export function everyMinute(clock: Clock, tick: (at: Date) => void): () => void {
  let nextMs = wholeMinuteMs(clock) + minuteMs;
  function look(): void {
    for (; nextMs <= clock.now().getTime(); nextMs += minuteMs) tick(new Date(nextMs));
  }
  if (clock.onMinute) return clock.onMinute(look);
  const looking = setInterval(look, secondMs).unref();
  return () => clearInterval(looking);
}

function wholeMinuteMs(clock: Clock): number {
  return Math.floor(clock.now().getTime() / minuteMs) * minuteMs;
}

export function addMs(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

import type { Clock } from '../clock.ts';

/** The life of one invocation in our own process. */
export type Life = {
  readonly died: AbortSignal;
  /** A clock on which a dead run sleeps for ever, and no sleep outlasts the deadline. */
  readonly clock: Clock;
  end(): void;
  /** Calls `onLate` when the deadline has passed on the clock. */
  endIfLate(): void;
};

export function lifeOf(clock: Clock, deadline: Date, onLate: () => void): Life {
  const death = new AbortController();
  const leftMs = () => deadline.getTime() - clock.now().getTime();

  function endIfLate(): void {
    if (!death.signal.aborted && leftMs() <= 0) onLate();
  }

  async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await clock.sleep(Math.min(ms, Math.max(leftMs(), 0)), signal);
    } finally {
      endIfLate();
      if (death.signal.aborted) await new Promise<never>(() => undefined);
    }
  }

  return {
    died: death.signal,
    clock: { now: clock.now, sleep },
    end: () => death.abort(),
    endIfLate,
  };
}

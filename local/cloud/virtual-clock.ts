import { type Clock, minuteMs } from './clock.ts';

type Sleeper = { readonly wakeAt: number; readonly wake: () => void };

export type VirtualClock = Clock & {
  /** Moves time on by `ms`, waking every sleeper on the way. Time never goes back. */
  advance(ms: number): void;
  onMinute: NonNullable<Clock['onMinute']>;
};

/** One turn of real I/O. */
function soon(then: () => void): void {
  setTimeout(then, 2);
}

/**
 * A clock that jumps: whenever somebody sleeps, time moves to the earliest wake-up after one turn of
 * real I/O, or whatever else `whenIdle` waits for. Work over real sockets therefore runs at full speed
 * while hours of waiting cost nothing.
 */
export function virtualClock(
  start = new Date('2026-11-22T03:00:00Z'),
  whenIdle: (then: () => void) => void = soon,
): VirtualClock {
  let nowMs = start.getTime();
  let pending = false;
  const sleepers: Sleeper[] = [];
  const ticks = new Set<() => void>();

  /** Stops at each whole minute on the way. */
  function moveTo(targetMs: number) {
    for (let next = minuteAfter(nowMs); ticks.size > 0 && next <= targetMs; next += minuteMs) {
      nowMs = next;
      for (const tick of ticks) tick();
    }
    nowMs = Math.max(nowMs, targetMs);
  }

  function wakeUntil(limitMs: number) {
    sleepers.sort((a, b) => a.wakeAt - b.wakeAt);
    while (sleepers[0] && sleepers[0].wakeAt <= limitMs) {
      const sleeper = sleepers.shift() as Sleeper;
      moveTo(sleeper.wakeAt);
      sleeper.wake();
    }
  }

  function schedule() {
    if (pending || sleepers.length === 0) return;
    pending = true;
    whenIdle(() => {
      pending = false;
      wakeUntil(Math.min(...sleepers.map((sleeper) => sleeper.wakeAt)));
      schedule();
    });
  }

  return {
    now: () => new Date(nowMs),
    advance(ms) {
      if (ms < 0) throw new RangeError(`the clock cannot go back by ${-ms} ms`);
      const target = nowMs + ms;
      wakeUntil(target);
      moveTo(target);
    },
    onMinute(tick) {
      ticks.add(tick);
      return () => void ticks.delete(tick);
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const sleeper: Sleeper = { wakeAt: nowMs + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener(
          'abort',
          () => {
            const index = sleepers.indexOf(sleeper);
            if (index >= 0) sleepers.splice(index, 1);
            reject(signal.reason);
          },
          { once: true },
        );
        schedule();
      });
    },
  };
}

function minuteAfter(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs + minuteMs;
}

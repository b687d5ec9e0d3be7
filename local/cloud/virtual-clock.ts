import type { Clock } from './clock.ts';

type Sleeper = { readonly wakeAt: number; readonly wake: () => void };

export type VirtualClock = Clock & {
  /** Moves time on by `ms`, waking every sleeper on the way. */
  advance(ms: number): void;
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

  function wakeUntil(limitMs: number) {
    sleepers.sort((a, b) => a.wakeAt - b.wakeAt);
    while (sleepers[0] && sleepers[0].wakeAt <= limitMs) {
      const sleeper = sleepers.shift() as Sleeper;
      nowMs = Math.max(nowMs, sleeper.wakeAt);
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
      const target = nowMs + ms;
      wakeUntil(target);
      nowMs = target;
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

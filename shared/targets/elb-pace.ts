import { isCertkeepError } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { pause } from '#shared/time/waiting.ts';
import { turns } from './turns.ts';

/**
 * Elastic Load Balancing throttles by account and region: a burst of 40 Describe calls, then 10 a second; 20 changes, then
 * 3 a second; 40 and 10 for all calls together (userguide/elb-api-throttling.html). The account's owner needs the rest;
 * certkeep uses this much.
 */
const callsPerSecond = 8;
const callsAtOnce = 20;
const changesPerSecond = 2.5;
const changesAtOnce = 10;
/** A run of deploy waits for ACM for most of its time, and one of verify for the nodes: two together seldom ask at once. */
const runsOfOneRate = 2;

/** ELB does not carry out a throttled call. Waits double from one second: 1 + 2 + 4 + 8 = 15 s, plus up to as much jitter. */
const throttledTries = 5;

/** Sends the calls of one place in turn, beside as many other runs of the same function. */
export type ElbPace = {
  /** `calls` is the number of requests that it makes. @throws what it throws; throttling only when it persists */
  describe<T>(call: () => Promise<T>, calls?: number): Promise<T>;
  change<T>(call: () => Promise<T>): Promise<T>;
};

export function elbPace(clock: Clock, runs = 1): ElbPace {
  const part = Math.min(1, runsOfOneRate / runs);
  const all = turns(clock, callsPerSecond * part, callsAtOnce * part);
  const changes = turns(clock, changesPerSecond * part, changesAtOnce * part);

  async function inTurn<T>(turn: () => Promise<void>, call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await turn();
      try {
        return await call();
      } catch (error) {
        if (tries >= throttledTries || !isThrottled(error)) throw error;
        all.empty();
        const waitMs = secondMs * 2 ** (tries - 1);
        await pause(clock, waitMs * (1 + Math.random()));
      }
    }
  }

  return {
    describe: (call, calls = 1) => inTurn(() => all.take(calls), call),
    change: (call) =>
      inTurn(async () => {
        await changes.take(1);
        await all.take(1);
      }, call),
  };
}

/** Somebody else uses the same limit. */
export function isThrottled(error: unknown): boolean {
  return isCertkeepError(error, 'ServiceThrottled');
}

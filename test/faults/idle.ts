import { webcrypto } from 'node:crypto';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import { Retry } from '@smithy/core/retry';

/** Jobs of threads, which the event loop does not show. */
let jobs = 0;
const shortTimers = new Set<NodeJS.Timeout>();

/**
 * The SDK waits between its tries in real time, which the event loop does not show either. Here it does not wait: the tries
 * are the same, and the remaining millisecond is counted.
 */
export function hurryRetries(): void {
  Retry.delay = () => 0;
  Retry.throttlingDelay = () => 0;
  const { setTimeout: wait, clearTimeout: stop } = globalThis;
  const counting = (then: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => {
    if (ms > 1) return wait(then, ms, ...given);
    const timer = wait(() => {
      shortTimers.delete(timer);
      then(...given);
    }, ms);
    shortTimers.add(timer);
    return timer;
  };
  globalThis.setTimeout = Object.assign(counting, wait) as typeof wait;
  globalThis.clearTimeout = (timer) => {
    shortTimers.delete(timer as NodeJS.Timeout);
    stop(timer);
  };
}

/** WebCrypto works in threads, and files are read there, as IAM's data of a service are at the first question. */
export function countJobs(): void {
  count(Object.getPrototypeOf(webcrypto.subtle), [
    'sign',
    'verify',
    'digest',
    'generateKey',
    'importKey',
    'exportKey',
  ]);
  count(files, ['readFile']);
  syncBuiltinESMExports();
}

function count(owner: object, names: readonly string[]): void {
  const functions = owner as Record<string, unknown>;
  for (const name of names) {
    const original = functions[name] as (...given: unknown[]) => Promise<unknown>;
    functions[name] = function counted(this: unknown, ...given: unknown[]) {
      jobs += 1;
      return original.apply(this, given).finally(() => {
        jobs -= 1;
      });
    };
  }
}

/** Turns of the event loop without any event, after which no traffic on loopback is left. */
const stillTurns = 6;

/**
 * Calls back when all I/O of this process has ended. Both ends of every connection are in this process, so that no event
 * can appear after a few quiet turns of the loop.
 */
export function whenIdle(then: () => void): void {
  let seen = -1;
  let still = 0;
  function turn(): void {
    const { events } = performance.nodeTiming.uvMetricsInfo;
    const isStill = events === seen && jobs === 0 && shortTimers.size === 0;
    still = isStill ? still + 1 : 0;
    seen = events;
    if (still >= stillTurns) then();
    else setImmediate(turn);
  }
  setImmediate(turn);
}

import { type Clock, secondMs } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { errorName } from '#shared/errors.ts';

/** ImportCertificate is 1 request a second per account and region (acm-limits.html). */
const importEveryMs = 1.1 * secondMs;
/** Others may import in the same place: 20 tries take 22 to 44 s. */
const throttledTries = 20;

/** Runs one at a time, a second apart; a throttled one, which had no effect, is tried again. */
export function pacing(clock: Clock): <T>(work: () => Promise<T>) => Promise<T> {
  let previous: Promise<unknown> = Promise.resolve();
  let nextAt = 0;

  async function turn(): Promise<void> {
    const waitMs = nextAt - clock.now().getTime();
    if (waitMs > 0) await clock.sleep(waitMs, deadlineSignal());
    nextAt = clock.now().getTime() + importEveryMs;
  }

  async function run<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await turn();
      try {
        return await work();
      } catch (error) {
        if (tries >= throttledTries || errorName(error) !== 'ThrottlingException') throw error;
        await clock.sleep(importEveryMs * Math.random(), deadlineSignal());
      }
    }
  }

  return (work) => {
    const turnOfThis = previous.then(() => run(work));
    previous = turnOfThis.catch(() => undefined);
    return turnOfThis;
  };
}

import type { Clock } from './clock.ts';
import { deadlineSignal } from './deadline.ts';

export type PollPolicy = { readonly tries: number; readonly everyMs: number };

/** Looks until there is something to see, `tries` times at most; null where there is nothing in the end. */
export async function poll<T>(
  clock: Pick<Clock, 'sleep'>,
  { tries, everyMs }: PollPolicy,
  look: () => Promise<T | null>,
): Promise<T | null> {
  for (let tried = 1; ; tried += 1) {
    const seen = await look();
    if (seen !== null || tried >= tries) return seen;
    await clock.sleep(everyMs, deadlineSignal());
  }
}

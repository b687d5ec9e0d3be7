import type { Clock } from '#shared/time/clock.ts';
import type { Slice } from './slice.ts';

/** The number of targets that are looked at and written down together, which is the limit of one Describe call. */
export const groupSize = 20;

/**
 * Works on `items` in groups until they are done or the run has no time for another group; `work` may end it earlier.
 * Returns true if items are left for the next run.
 */
export async function inGroups<T>(
  items: readonly T[],
  { clock, slice }: { readonly clock: Clock; readonly slice: Pick<Slice, 'takesUntil'> },
  work: (group: readonly T[]) => Promise<'next' | 'cut' | 'end'>,
): Promise<boolean> {
  for (let start = 0; start < items.length; start += groupSize) {
    if (start > 0 && clock.now() >= slice.takesUntil) return true;
    const outcome = await work(items.slice(start, start + groupSize));
    if (outcome !== 'next') return outcome === 'cut';
  }
  return false;
}

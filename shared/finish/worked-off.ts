import type { Clock } from '#shared/time/clock.ts';

/**
 * Works on the items in their order, `atOnce` concurrently, and begins none from `until` on: a run that only takes new
 * pieces is killed with them. Returns the items that were not begun.
 * @throws the first failure of `work`, once all work in progress has ended
 */
export async function workedOff<Item>(
  items: readonly Item[],
  limits: { readonly atOnce: number; readonly until: Date; readonly clock: Clock },
  work: (item: Item) => Promise<void>,
): Promise<readonly Item[]> {
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length && limits.clock.now() < limits.until) {
      next += 1;
      await work(items[next - 1] as Item);
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: limits.atOnce }, worker));
  const failed = workers.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
  return items.slice(next);
}

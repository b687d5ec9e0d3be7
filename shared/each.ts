/**
 * Runs `work` over all items, `concurrency` at a time. Every item is tried.
 * @throws AggregateError of what failed, afterwards
 */
export async function eachOf<T>(
  items: Iterable<T>,
  { concurrency, failure }: { readonly concurrency: number; readonly failure: string },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const failures: unknown[] = [];
  async function worker() {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} ${failure}`);
}

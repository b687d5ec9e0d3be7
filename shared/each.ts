import { errorMessage } from './errors.ts';

/**
 * Throws the failures that are left after everything was tried: a single one as it is, several as one error that names each
 * of them.
 */
export function throwAny(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length === 0) return;
  throw new AggregateError(failures, failures.map(errorMessage).join('; '));
}

/**
 * The number of records that are read concurrently: S3 answers in tens of milliseconds, so thousands of them take seconds.
 */
export const recordsAtOnce = 32;

/**
 * Runs `work` over all items, `concurrency` at a time. Every item is tried.
 * @throws AggregateError of all failures, at the end
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

/** Maps all items in their order, `size` of them at a time. The first failure ends it. */
export async function inBatches<T, R>(
  items: readonly T[],
  size: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  }
  return results;
}

import type { Buckets, BudgetBook } from './budget-book.ts';

/** Reads the used limits of each CA, by the URL of its directory. */
export async function readBooks(
  budgetBook: Pick<BudgetBook, 'read'>,
  candidates: readonly { readonly directory: string; readonly charges: readonly unknown[] }[],
): Promise<ReadonlyMap<string, Buckets>> {
  const counting = candidates.filter(({ charges }) => charges.length > 0);
  const directories = [...new Set(counting.map(({ directory }) => directory))];
  const books = await Promise.all(
    directories.map(async (directory) => [directory, await budgetBook.read(directory)] as const),
  );
  return new Map(books);
}

/** All of a listing: one page after the other, until one is not full. `seen` says how many items came before it. */
export async function everyPage<Item>(
  perPage: number,
  page: (seen: number) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (;;) {
    const found = await page(items.length);
    items.push(...found);
    if (found.length < perPage) return items;
  }
}

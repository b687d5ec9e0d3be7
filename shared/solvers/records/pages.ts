/** Reads a whole listing, page by page, until a page is not full. `seen` counts the items before it. */
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

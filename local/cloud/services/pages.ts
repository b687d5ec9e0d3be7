export type Page<T> = {
  readonly items: readonly T[];
  /** The token of the next page; null after the last one. */
  readonly next: string | null;
};

/** One page of a list; the token is opaque to callers. Null when the token belongs to no item. */
export function pageOf<T>(
  all: readonly T[],
  options: { readonly token: string | undefined; readonly size: number },
  keyOf: (item: T) => string,
): Page<T> | null {
  const tokenOf = (item: T) => Buffer.from(keyOf(item)).toString('base64url');
  const from =
    options.token === undefined ? 0 : 1 + all.findIndex((item) => tokenOf(item) === options.token);
  if (options.token !== undefined && from === 0) return null;
  const items = all.slice(from, from + options.size);
  const last = items.at(-1);
  return { items, next: last && from + items.length < all.length ? tokenOf(last) : null };
}

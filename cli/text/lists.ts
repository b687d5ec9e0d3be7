/** `1 name`, `2 names`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** So many are named; the rest is counted. */
const mostNamed = 4;

/** `a, b and c`; `a, b, c, d and 8 more`. */
export function listed(names: readonly string[], most = mostNamed): string {
  const shown = names.length > most + 1 ? names.slice(0, most) : names;
  const rest = names.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}

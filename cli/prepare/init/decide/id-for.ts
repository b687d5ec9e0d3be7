const longestId = 63;

/** Returns an id that is not taken: `www-example-com`, `wildcard-example-com`, `www-example-com-2`. */
export function idFor(name: string, taken: ReadonlySet<string>): string {
  const base = name
    .toLowerCase()
    .replace(/^\*\./, 'wildcard.')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : `-${number}`;
    const id = `${base.slice(0, longestId - ending.length).replace(/-+$/, '')}${ending}`;
    if (!taken.has(id)) return id;
  }
}

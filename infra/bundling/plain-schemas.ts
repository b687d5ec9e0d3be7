/**
 * The SDK writes `const _h = "http"` and then `{ [_h]: … }` in the schema of every operation. Esbuild keeps
 * what has a computed key, and so all 110 operations of S3 for the four in use; `{ "http": … }` means the
 * same and may go. A name that is used once is shorter in its place, too.
 */
export function withPlainSchemas(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  const plain = source.replace(/\[(_\w+)\]:/g, (whole, name) => {
    const text = constants.get(name);
    return text === undefined ? whole : `${text}:`;
  });
  const uses = Map.groupBy(plain.match(element) ?? [], (name) => name);
  return plain.replace(element, (name) =>
    uses.get(name)?.length === 1 ? (constants.get(name) ?? name) : name,
  );
}

/** An element of an array, or a value. */
const element = /(?<=[[,:] ?)_\w+(?=[,\]\s])/g;

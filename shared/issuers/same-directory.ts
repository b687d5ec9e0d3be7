/** The normal form of a directory's URL (RFC 3986 §6.2): lower-case host, no default port. */
export function normalDirectory(url: string): string {
  return URL.parse(url)?.href ?? url;
}

export function sameDirectory(one: string | undefined, other: string | undefined): boolean {
  return (
    one !== undefined && other !== undefined && normalDirectory(one) === normalDirectory(other)
  );
}

/**
 * The present name of the CA with a directory; `preferred` where that is one of its names. Null where it is no longer
 * configured.
 */
export function issuerAt(
  directory: string,
  issuers: Readonly<Record<string, { readonly directory: string }>>,
  preferred: string,
  among: readonly string[] = Object.keys(issuers),
): string | null {
  const isIt = (name: string) => sameDirectory(issuers[name]?.directory, directory);
  if (among.includes(preferred) && isIt(preferred)) return preferred;
  return among.find(isIt) ?? null;
}

/** Returns the names of an old certificate that clients would lose with the new one. */
export function uncoveredNames(
  oldNames: readonly string[],
  newNames: readonly string[],
): readonly string[] {
  return oldNames.filter((name) => !isCovered(name, newNames));
}

/** A wildcard stands for exactly one label, and never for another wildcard (RFC 9525 §6.3). */
export function isCovered(name: string, by: readonly string[]): boolean {
  const wanted = normal(name);
  const dot = wanted.indexOf('.');
  const wildcard = dot > 0 && !wanted.startsWith('*.') ? `*${wanted.slice(dot)}` : null;
  return by.map(normal).some((each) => each === wanted || each === wildcard);
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The names of an old certificate that clients would lose with the new one. */
export function uncoveredNames(
  oldNames: readonly string[],
  newNames: readonly string[],
): readonly string[] {
  const offered = new Set(newNames.map(normal));
  return oldNames.filter((name) => !isCovered(normal(name), offered));
}

/** A wildcard stands for exactly one label, and never for another wildcard (RFC 9525 §6.3). */
function isCovered(name: string, offered: ReadonlySet<string>): boolean {
  if (offered.has(name)) return true;
  const dot = name.indexOf('.');
  return dot > 0 && !name.startsWith('*.') && offered.has(`*${name.slice(dot)}`);
}

function normal(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Programs that are not ours and that a test runs for real where they are installed. */
export const realParts = {
  /** Let's Encrypt's test CA, 2.10 or later; `.ci/run` installs it. */
  pebble: process.env.PEBBLE ?? null,
};

/** Says once per run what is left out, and fails instead where nothing may be left out. */
export default function setup(): void {
  const missing = realParts.pebble === null ? ['Pebble (set PEBBLE to its binary)'] : [];
  if (missing.length === 0) return;
  const line = `Skipped, because it is not installed: ${missing.join(', ')}`;
  if (process.env.CERTKEEP_NO_SKIPS) throw new Error(line);
  console.log(line);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const variable = 'CERTKEEP_KEPT_DIRECTORY';

/** For the whole run of vitest, which stops its workers without an `exit` event. */
export default function setup(): () => void {
  const made = keptDirectory();
  return () => {
    delete process.env[variable];
    rmSync(made, { recursive: true, force: true });
  };
}

/** For what files are made of once and read again by later tests: gone when the run is over. */
export function keptDirectory(): string {
  const known = process.env[variable];
  if (known) return known;
  const made = mkdtempSync(join(tmpdir(), 'certkeep-kept-'));
  process.env[variable] = made;
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

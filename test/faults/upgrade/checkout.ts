import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Release } from '#test/support/world.ts';
import { readBefore } from './release-before.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Checks out another commit of this repository, with the packages that are installed here.
 * @throws Error where git does not have it
 */
export function checkedOut(commit: string): string {
  const place = join(root, '.local', 'releases', commit);
  if (existsSync(place)) return place;
  // The folder appears whole or not at all: several processes may want it at once.
  const making = `${place}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    const archive = execFileSync('git', ['archive', commit], {
      cwd: root,
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    execFileSync('tar', ['-x', '-C', making], { input: archive });
    symlinkSync(join(root, 'node_modules'), join(making, 'node_modules'));
    renameSync(making, place);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

/** Returns its stacks and functions, as its own worlds have them. */
export async function releaseIn(place: string): Promise<Release> {
  const [assembly, functions] = await Promise.all([
    import(join(place, 'test/support/world-assembly.ts')),
    import(join(place, 'test/support/world-functions.ts')),
  ]);
  return {
    assemblyOf: (config) => assembly.assemblyOf(readBefore(config)),
    worldFunctions: functions.worldFunctions,
  };
}

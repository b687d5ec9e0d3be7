import { spawn } from 'node:child_process';
import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { errorName } from '#shared/errors.ts';

/** Stands in the directory from before the first change until a reload has worked. */
const marker = '.certkeep-reload';

/** A run that died, or whose reload failed, has left the reload to the next one. */
export function isReloadDue(directory: string): boolean {
  return lstatSync(join(directory, marker), { throwIfNoEntry: false }) !== undefined;
}

export function noteReload(directory: string): void {
  try {
    // `wx` follows no link, and another export may have noted it just now.
    writeFileSync(join(directory, marker), '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errorName(error) !== 'EEXIST') throw error;
  }
}

/** Runs the command in a shell, and returns its exit code; as shells do, 128 and more where a signal ended it. */
export async function reload(directory: string, command: string): Promise<number> {
  const child = spawn(command, { shell: true, stdio: 'inherit' });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) =>
      resolve(exit ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
  if (code === 0) rmSync(join(directory, marker), { force: true });
  return code;
}

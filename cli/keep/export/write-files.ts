import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorName } from '#shared/errors.ts';
import { hourMs } from '#shared/time/clock.ts';
import { bytesOf, type ExportFile } from './files.ts';

const temporary = /^\.certkeep-[0-9a-f]{16}\.tmp$/;

/** The files that are not there as they should be: another content, other rights, or no file but a link. */
export function changedFiles(
  directory: string,
  files: readonly ExportFile[],
): readonly ExportFile[] {
  return files.filter((file) => !isThere(join(directory, file.name), file));
}

function isThere(path: string, file: ExportFile): boolean {
  try {
    const stat = lstatSync(path);
    const bytes = bytesOf(file);
    return (
      stat.isFile() &&
      stat.size === bytes.length &&
      (process.platform === 'win32' || (stat.mode & 0o7777) === file.mode) &&
      readFileSync(path).equals(bytes)
    );
  } catch (error) {
    if (errorName(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Writes all files beside their places and on the disk, and puts them there one after the other, in their order: each is
 * whole or as before, whenever this process ends.
 */
export function writeFiles(directory: string, files: readonly ExportFile[]): void {
  const written: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const file of files) {
      const from = join(directory, `.certkeep-${randomBytes(8).toString('hex')}.tmp`);
      written.push({ from, to: join(directory, file.name) });
      writeNew(from, file);
    }
    for (const { from, to } of written) renameSync(from, to);
  } catch (error) {
    for (const { from } of written) rmSync(from, { force: true });
    throw error;
  }
  syncDirectory(directory);
}

/** `wx` follows no link, and opens nothing that is there. */
function writeNew(path: string, file: ExportFile): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(descriptor, bytesOf(file));
    fchmodSync(descriptor, file.mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(directory: string): void {
  // Windows opens no directories.
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what runs that were killed have left: it may hold a key. One that still runs is done within the hour. */
export function removeLeftOver(directory: string, now: Date): void {
  for (const name of readdirSync(directory).filter((each) => temporary.test(each))) {
    const path = join(directory, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && now.getTime() - stat.mtimeMs > hourMs) rmSync(path, { force: true });
  }
}

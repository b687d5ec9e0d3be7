import { lstatSync, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { errorMessage, errorName } from '#shared/errors.ts';
import { CommandFailed } from '../../failure.ts';
import { shellWord } from '../../text/shell-word.ts';

const onlyOwner = 0o700;
const writableByAll = 0o002;
const sticky = 0o1000;

/**
 * Returns the directory without links, and creates it (0700) where it is not there. Nobody but its owner, root and this
 * user may lead the files elsewhere.
 * @throws CommandFailed
 */
export function exportDirectory(given: string): string {
  const path = resolve(given);
  try {
    for (const each of prefixesOf(path)) assertOwnLink(each);
    const existing = prefixesOf(path).findLast((each) => statOf(each) !== null) ?? path;
    assertTrusted(realpathSync(existing));
    mkdirSync(path, { recursive: true, mode: onlyOwner });
    const real = realpathSync(path);
    assertTrusted(real);
    assertOfFewWriters(real);
    return real;
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** Says what a failed operation on files means. */
export function fileFailure(path: string, error: unknown): CommandFailed {
  if (error instanceof CommandFailed) return error;
  const message = `${path} cannot be used: ${errorMessage(error)}`;
  return new CommandFailed(message, lookAt(path), { cause: error });
}

function lookAt(...paths: readonly string[]): string {
  return `ls -ld ${paths.map(shellWord).join(' ')}`;
}

/** `/`, `/etc`, `/etc/tls` */
function prefixesOf(path: string): readonly string[] {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(sep).filter(Boolean);
  return [root, ...parts.map((_, index) => join(root, ...parts.slice(0, index + 1)))];
}

function statOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (errorName(error) === 'ENOENT' || errorName(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** Links that somebody else has put where everybody can write lead where they want. */
function assertOwnLink(path: string): void {
  const stat = statOf(path);
  const parent = statOf(dirname(path));
  if (!stat?.isSymbolicLink() || !parent || isTrusted(stat) || !isOpenToAll(parent)) return;
  throw new CommandFailed(
    `${path} is a link of somebody else, in a directory in which everybody can write`,
    lookAt(path),
  );
}

/** What stands in a directory of everybody can be exchanged by its owner, and without the sticky bit by everybody. */
function assertTrusted(real: string): void {
  for (const path of prefixesOf(real)) {
    const [stat, parent] = [statOf(path), statOf(dirname(path))];
    if (path === dirname(path) || !stat || !parent || !isOpenToAll(parent)) continue;
    if ((parent.mode & sticky) !== 0 && isTrusted(stat)) continue;
    throw new CommandFailed(
      `${path} stands in a directory in which everybody can write, so that others can exchange it`,
      lookAt(dirname(path), path),
    );
  }
}

function assertOfFewWriters(real: string): void {
  const stat = statOf(real);
  if (!stat || !isOpenToAll(stat)) return;
  throw new CommandFailed(
    `everybody can write in ${real}: name a directory of your own`,
    lookAt(real),
  );
}

function isOpenToAll({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & writableByAll) !== 0;
}

function isTrusted({ uid }: Stats): boolean {
  return uid === 0 || uid === process.getuid?.();
}

import { readFileSync, statSync } from 'node:fs';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { Secret } from '#shared/secret.ts';
import { CommandFailed, noteText } from '../../failure.ts';
import type { Terminal } from '../../terminal.ts';
import { askHidden } from './ask-hidden.ts';

/** Java reads no others. */
const usable = /^[\x20-\x7e]{1,256}$/;
const readableByOthers = 0o077;
const next = 'npx certkeep export --help';

/** The password of a PKCS #12 file: from a file, or of a person; never an argument, which others on the machine can see. */
export async function passwordFrom(
  file: string | undefined,
  terminal: Pick<Terminal, 'complain'>,
): Promise<Secret> {
  if (file !== undefined) return checked(firstLine(file, terminal), file);
  const typed = await askHidden('Password of the PKCS #12 file: ');
  if (typed === null) {
    throw new CommandFailed(
      'a PKCS #12 file needs a password: name a file with --password-file, or run it on a terminal',
      next,
    );
  }
  if (typed !== (await askHidden('Again: '))) {
    throw new CommandFailed('the two passwords differ', next);
  }
  return checked(typed, 'the password');
}

function firstLine(path: string, terminal: Pick<Terminal, 'complain'>): string {
  try {
    const isOpen = process.platform !== 'win32' && (statSync(path).mode & readableByOthers) !== 0;
    if (isOpen) terminal.complain(noteText(`others may read the password: chmod 600 ${path}`));
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    throw new CommandFailed(fileErrorText(path, error), next, { cause: error });
  }
}

function checked(password: string, where: string): Secret {
  if (usable.test(password)) return new Secret(password);
  throw new CommandFailed(
    `${where} is no password that every program can use: 1 to 256 printable ASCII characters on one line`,
    next,
  );
}

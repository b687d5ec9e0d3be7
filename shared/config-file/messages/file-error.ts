import { errorMessage } from '#shared/errors.ts';

/** Says in a sentence why a configuration file cannot be opened. */
export function fileErrorText(file: string, error: unknown): string {
  const why = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? errorMessage(error);
  return `The configuration cannot be read: ${file} ${why}`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is not there.',
  ENOTDIR: 'is not there: a part of its path is a file.',
  EISDIR: 'is a folder. Name the file in it.',
  EACCES: 'may not be read by you.',
};

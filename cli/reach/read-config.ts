import { readFileSync } from 'node:fs';
import type { Config } from '#shared/config/config.ts';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { CommandFailed } from '../failure.ts';
import { shellWord } from '../text/shell-word.ts';

/** The file that is read where nobody has named another. */
export const usualConfigFile = 'certkeep.yaml';

/** Reads the whole file as the app of CDK does. @throws CommandFailed where it is missing or has a mistake */
export function readConfigFile(file: string): Config {
  const parsed = parseConfig(textOf(file), file);
  if (parsed.ok) return parsed.config;
  const [first] = parsed.problems;
  const count = parsed.problems.length;
  const mistakes = count === 1 ? 'a mistake' : `${count} mistakes, the first one`;
  const where = first && (first.line === null ? first.path : `line ${first.line}, ${first.path}`);
  throw new CommandFailed(
    `${file} has ${mistakes}: ${where} ${first?.message}`,
    `npx certkeep validate ${shellWord(file)}`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(fileErrorText(file, error), 'npx certkeep init', { cause: error });
  }
}

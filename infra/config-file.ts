import { readFileSync } from 'node:fs';
import type { Config } from '#shared/config/config.ts';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { renderProblems, renderWarnings } from '#shared/config-file/messages/render.ts';
import { byLine, parseConfig } from '#shared/config-file/parse.ts';
import { rightsFit } from './rights/rights-fit.ts';

/** The configuration cannot be deployed. The message tells people everything that is wrong. */
export class InvalidConfig extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'InvalidConfig';
  }
}

/**
 * Reads and checks the whole file, and prints warnings to stderr. @throws InvalidConfig with every problem, its line and
 * its fix
 */
export function readConfig(file: string): Config {
  const parsed = parseConfig(textOf(file), file);
  if (!parsed.ok) throw new InvalidConfig(renderProblems(parsed.problems, file));
  const fit = rightsFit(parsed.config);
  if (fit.problems.length > 0) {
    throw new InvalidConfig(renderProblems(parsed.locate(fit.problems), file));
  }
  const warnings = [...parsed.warnings, ...parsed.locate(fit.warnings)].sort(byLine);
  if (warnings.length > 0) console.error(renderWarnings(warnings, file));
  return parsed.config;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InvalidConfig(
      `${fileErrorText(file, cause)}\nfix: copy certkeep.example.yaml to certkeep.yaml, or name another file with -c config=FILE.`,
      cause,
    );
  }
}

import { readFileSync } from 'node:fs';
import type { Config } from '#shared/config/config.ts';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import type { ConfigProblem } from '#shared/config-file/messages/problem.ts';
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
  const checked = checkConfig(textOf(file), file);
  if (!checked.ok) throw new InvalidConfig(renderProblems(checked.problems, file));
  const { config, warnings } = checked;
  if (warnings.length > 0) console.error(renderWarnings(warnings, file));
  return config;
}

export type CheckedConfig =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly ConfigProblem[];
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Checks a whole file, and whether IAM takes the rights that it needs. Never throws. */
export function checkConfig(text: string, file: string): CheckedConfig {
  const parsed = parseConfig(text, file);
  if (!parsed.ok) return parsed;
  const { config, locate } = parsed;
  const fit = rightsFit(config);
  if (fit.problems.length > 0) return { ok: false, problems: locate(fit.problems) };
  return { ok: true, config, warnings: [...parsed.warnings, ...locate(fit.warnings)].sort(byLine) };
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

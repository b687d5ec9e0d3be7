import { readFileSync } from 'node:fs';
import type { Config } from '#shared/config/config.ts';
import { parseConfig } from '#shared/config/parse.ts';
import { renderProblems, renderWarnings } from '#shared/config/render.ts';
import { errorMessage } from '#shared/errors.ts';

/** A configuration that cannot be deployed: the message is for people and says everything that is wrong. */
export class InvalidConfig extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'InvalidConfig';
  }
}

/** Reads and checks the whole file; its warnings go to stderr. @throws InvalidConfig with every problem, each with its line and fix */
export function readConfig(file: string): Config {
  const parsed = parseConfig(textOf(file), file);
  if (!parsed.ok) throw new InvalidConfig(renderProblems(parsed.problems, file));
  if (parsed.warnings.length > 0) console.error(renderWarnings(parsed.warnings, file));
  return parsed.config;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InvalidConfig(
      `The configuration cannot be read: ${errorMessage(cause)}\nfix: copy certkeep.example.yaml to certkeep.yaml, or name another file with -c config=FILE.`,
      cause,
    );
  }
}

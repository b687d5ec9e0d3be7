import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { readYaml } from '#shared/config-file/yaml/yaml.ts';
import { CommandFailed } from '../failure.ts';

const schema = z.object({
  installation: z.optional(z.string()),
  home: z.object({ account: z.string(), region: z.string() }),
});

export type ConfiguredHome = {
  readonly account: string;
  readonly region: string;
  readonly installation: string | undefined;
};

/**
 * Reads from a configuration file where its installation is, and nothing else: a mistake elsewhere in the file does not
 * keep anybody from looking.
 * @throws CommandFailed where the file does not say it
 */
export function configuredHome(path: string): ConfiguredHome {
  const { file, problems } = readYaml(textOf(path), path);
  if (file === null) throw new CommandFailed(renderProblems(problems, path), instead);
  const { data } = schema.safeParse(file.value);
  if (!data) {
    throw new CommandFailed(`${path} has no "home:" with account and region`, instead);
  }
  return { ...data.home, installation: data.installation };
}

const instead = 'npx certkeep status --region REGION --account ACCOUNT --installation NAME';

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandFailed(fileErrorText(path, error), instead, { cause: error });
  }
}

import { readFile } from 'node:fs/promises';
import type { Config } from '#shared/config/config.ts';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { renderProblems, renderWarnings } from '#shared/config-file/messages/render.ts';
import { parseConfig } from '#shared/config-file/parse.ts';
import { fleet } from './fleet.ts';
import { type FleetName, fleetFile } from './fleets.ts';

export type Source = {
  readonly name: string;
  readonly text: string;
  readonly config: Config;
  /** Printed for people; null where there are none. */
  readonly warnings: string | null;
  /** Listeners that somebody created in the AWS console. */
  readonly consoleMade: readonly string[];
};

const usualFleet = { path: 'local/demo/fleet.yaml', text: fleet.configText };

/**
 * The configuration to play: the file, the named fleet, or the usual one. It reports everything wrong as one problem for
 * people.
 */
export async function readSource(
  file: string | undefined,
  fleetName?: FleetName,
): Promise<Source | { readonly problem: string }> {
  const builtIn = fleetName ? fleetFile(fleetName) : usualFleet;
  const name = file ?? `the built-in fleet (${builtIn.path})`;
  let { text } = builtIn;
  try {
    if (file) text = await readFile(file, 'utf8');
  } catch (error) {
    return { problem: fileErrorText(name, error) };
  }
  const parsed = parseConfig(text, name);
  if (!parsed.ok) return { problem: renderProblems(parsed.problems, name) };
  const { config, warnings } = parsed;
  return {
    name,
    text,
    config,
    // A person cannot correct the built-in fleet.
    warnings: file && warnings.length > 0 ? renderWarnings(warnings, name) : null,
    consoleMade: file || fleetName ? [] : fleet.consoleMade,
  };
}

import { readFileSync } from 'node:fs';
import { type CheckedConfig, checkConfig } from '#infra/config-file.ts';
import { fileErrorText } from '#shared/config-file/messages/file-error.ts';
import { CommandFailed } from '../failure.ts';

/** Reads and checks a configuration file as `cdk synth` does. @throws CommandFailed where there is none */
export function readFile(file: string): CheckedConfig {
  try {
    return checkConfig(readFileSync(file, 'utf8'), file);
  } catch (error) {
    const message = fileErrorText(file, error).replace(/\.$/, '');
    throw new CommandFailed(message, 'npx certkeep init', { cause: error });
  }
}

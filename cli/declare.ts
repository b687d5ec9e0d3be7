import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** Adds a command to the program. `end` takes the exit code of the process. */
export type Declare = (
  program: Command,
  terminal: Terminal,
  end: (exitCode: number) => void,
) => void;

/** Adds the options that say where an installation is (ReachOptions). */
export function reaching(command: Command): Command {
  return command
    .option('--installation <name>', 'the name of the installation (certkeep)')
    .option('--region <region>', 'its home region (as in AWS_REGION or the profile)')
    .option('--account <account>', 'its account (the one of your credentials)')
    .option('--config <file>', 'take these three from this file (certkeep.yaml, where it is there)')
    .option('--local', 'look at the local cloud that `npm start -- --keep` keeps running');
}

import { Argument } from 'commander';
import type { Declare } from '../declare.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** The command as it is installed: shells complete the first word of a line, and not what comes after npx. */
const installedName = 'certkeep';

export const declareCompletion: Declare = (program, terminal) => {
  program
    .command('completion')
    .summary('a script that completes commands in your shell')
    .description('Prints a script that completes the commands and options of certkeep in a shell.')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScript } = await import('./script.ts');
      terminal.print(completionScript(program, shell, installedName).trimEnd());
    });
};

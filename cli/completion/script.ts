import type { Command } from 'commander';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { completedCommands } from './words.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, fish: fishScript, zsh: zshScript } as const;

/** The completion script of a program for a shell. */
export function completionScript(
  program: Command,
  shell: keyof typeof scripts,
  name: string,
): string {
  return scripts[shell](name, completedCommands(program));
}

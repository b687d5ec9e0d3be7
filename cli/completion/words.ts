import type { Command, Option } from 'commander';

/** What can follow an option. */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'file' }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  /** Nobody can list it. */
  | { readonly kind: 'free' };

export type CompletedOption = {
  /** `--follow`; some have a short form too. */
  readonly names: readonly string[];
  readonly about: string;
  readonly value: Value;
};

/** A command, or the program itself, with all that can be written after it. */
export type CompletedCommand = {
  /** `[]` for the program, `['status']` for a command. */
  readonly path: readonly string[];
  readonly about: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments can be, where that is a list. */
  readonly choices: readonly string[];
  /** The commands below it. */
  readonly below: readonly { readonly name: string; readonly about: string }[];
};

/** Lists what commander knows of a program: whatever is declared is completed. */
export function completedCommands(
  command: Command,
  path: readonly string[] = [],
): readonly CompletedCommand[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  return [
    {
      path,
      about: command.summary() || command.description(),
      options: help.visibleOptions(command).map(completedOption),
      choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
      below: commands.map((each) => ({
        name: each.name(),
        about: each.summary() || each.description(),
      })),
    },
    ...commands.flatMap((each) => completedCommands(each, [...path, each.name()])),
  ];
}

function completedOption(option: Option): CompletedOption {
  const { description, long, short } = option;
  return {
    names: [short, long].filter((name) => name !== undefined),
    about: description,
    value: valueAfter(option),
  };
}

function valueAfter({ argChoices, flags, optional, required }: Option): Value {
  if (!required && !optional) return { kind: 'none' };
  if (argChoices) return { kind: 'choices', choices: argChoices };
  return { kind: /<(?:file|directory)>/.test(flags) ? 'file' : 'free' };
}

import type { CompletedCommand, CompletedOption } from './words.ts';

/** A file for fish's folder of completions. */
export function fishScript(name: string, commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ below, choices, options, path }) => {
    const start = `complete -c ${name}${conditionOf(path, below)}`;
    return [
      ...below.map((each) => `${start} -a ${quoted(each.name)} -d ${quoted(each.about)}`),
      ...choices.map((each) => `${start} -a ${quoted(each)}`),
      ...options.map((option) => `${start}${optionOf(option)}`),
    ];
  });
  return [`# Completes ${name} in fish.`, `complete -c ${name} -f`, ...lines, ''].join('\n');
}

/** The commands that were written already, and none below the last of them. */
function conditionOf(path: readonly string[], below: CompletedCommand['below']): string {
  const seen = path.map((each) => `__fish_seen_subcommand_from ${each}`);
  const next = below.map((each) => each.name).join(' ');
  const all = [...seen, ...(next === '' ? [] : [`not __fish_seen_subcommand_from ${next}`])];
  return all.length === 0 ? '' : ` -n ${quoted(all.join('; and '))}`;
}

function optionOf({ about, names, value }: CompletedOption): string {
  const flags = names.map((each) =>
    each.startsWith('--') ? ` -l ${each.slice(2)}` : ` -s ${each.slice(1)}`,
  );
  return `${flags.join('')}${writtenValue(value)} -d ${quoted(about)}`;
}

function writtenValue(value: CompletedOption['value']): string {
  switch (value.kind) {
    case 'choices':
      return ` -x -a ${quoted(value.choices.join(' '))}`;
    case 'file':
      return ' -r -F';
    case 'free':
      return ' -x';
    case 'none':
      return '';
  }
}

/** In fish's single quotes a backslash escapes itself and the quote. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

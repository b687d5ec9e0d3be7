import { inQuotes } from './quotes.ts';
import type { CompletedCommand, Value } from './words.ts';

/** Works with bash 3.2, which macOS has, and later. */
export function bashScript(name: string, commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ options, path }) =>
    options
      .filter(({ value }) => value.kind !== 'none')
      .map(({ names, value }) => {
        const patterns = names.map((each) => inQuotes(keyOf([...path, each])));
        return `    ${patterns.join(' | ')}) ${replyWith(value)} ;;`;
      }),
  );
  const words = commands.map(({ below, choices, options, path }) => {
    const all = [
      ...below.map((each) => each.name),
      ...choices,
      ...options.flatMap((each) => each.names),
    ];
    return `    ${inQuotes(keyOf(path))}) words=${inQuotes(all.join(' '))} ;;`;
  });
  const paths = commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => inQuotes(keyOf(path)));
  return `# Completes ${name} in bash.
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local at= words= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
    ${paths.join(' | ')}) at="$at $word" ;;
    esac
  done
  case "$at $previous" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _${name} ${name}
`;
}

/** ` status --sort`: each word after a blank, as the script puts them together. */
function keyOf(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

function replyWith(value: Value): string {
  switch (value.kind) {
    case 'choices':
      return `COMPREPLY=($(compgen -W ${inQuotes(value.choices.join(' '))} -- "$current")); return`;
    case 'file':
      return 'compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$current")); return';
    default:
      return 'return';
  }
}

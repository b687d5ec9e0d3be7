import { inQuotes } from './quotes.ts';
import type { CompletedCommand, Value } from './words.ts';

/** A file for a folder of `fpath`, whose first line zsh looks for. */
export function zshScript(name: string, commands: readonly CompletedCommand[]): string {
  const values = commands.flatMap(({ options, path }) =>
    options
      .filter(({ value }) => value.kind !== 'none')
      .map(({ names, value }) => {
        const patterns = names.map((each) => inQuotes(keyOf([...path, each])));
        return `    (${patterns.join('|')}) ${replyWith(value)} ;;`;
      }),
  );
  const words = commands.map(({ below, choices, options, path }) => {
    const all = [
      ...below.map((each) => described(each.name, each.about)),
      ...choices.map((each) => described(each, '')),
      ...options.flatMap(({ about, names }) => names.map((each) => described(each, about))),
    ];
    return `    (${inQuotes(keyOf(path))}) known=(${all.join(' ')}) ;;`;
  });
  const paths = commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => inQuotes(keyOf(path)));
  return `#compdef ${name}
_${name}() {
  local at='' word
  local -a known
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
    (${paths.join('|')}) at="$at $word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  case "$at" in
${words.join('\n')}
  esac
  _describe ${inQuotes(name)} known
}
if [[ "\${funcstack[1]}" = _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function keyOf(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

/** A colon parts a word from what is said of it. */
function described(word: string, about: string): string {
  const said = about === '' ? '' : `:${about}`;
  return inQuotes(`${word.replaceAll(':', '\\:')}${said}`);
}

function replyWith(value: Value): string {
  switch (value.kind) {
    case 'choices':
      return `compadd -- ${value.choices.map(inQuotes).join(' ')}; return`;
    case 'file':
      return '_files; return';
    default:
      return 'return';
  }
}

import { Lexer, type LineCounter, type YAMLError } from 'yaml';
import { withoutSecrets } from '#shared/schema/secret-value.ts';
import { type ConfigProblem, printable, type Range } from '../messages/problem.ts';

/** Syntax errors after the first ones are mostly their consequences. */
const mostSyntaxErrors = 100;

type Words = { readonly message: string; readonly fix: string };
/** The position of a slip, which may be above the line where the parser notices it. */
type Slip = Words & { readonly at: number };

/**
 * Explains why a text is not YAML: one problem per line, at the slip itself where it can be found. A quote or bracket that
 * is never closed causes all later errors, so it is the only problem.
 */
export function syntaxProblems(
  errors: readonly YAMLError[],
  text: string,
  lines: LineCounter,
  source: string,
): readonly ConfigProblem[] {
  const [first] = errors;
  const unclosed = first && unclosedBefore(first, text, lines);
  if (unclosed) return [problemAt(unclosed, [unclosed.at, unclosed.at + 1])];
  const found = errors.slice(0, mostSyntaxErrors).map((error) => {
    const [at, end] = error.pos;
    return problemAt(slipOf(error, text, lines), [at, Math.max(end, at + 1)]);
  });
  return oneForEachLine(found);

  function problemAt({ at, message, fix }: Slip, range: Range): ConfigProblem {
    const { line } = lines.linePos(at);
    return {
      path: printable(source),
      line,
      value: printable(withoutSecrets(lineAt(text, lines, line).trim())),
      message,
      fix,
      range,
      excerpt: null,
    };
  }
}

/** One slip causes several errors; those with words of ours say most. */
function oneForEachLine(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const byLine = new Map<number | null, ConfigProblem>();
  const isEcho = ({ message }: ConfigProblem) => message.startsWith(notYaml);
  for (const problem of problems) {
    const told = byLine.get(problem.line);
    if (!told || (isEcho(told) && !isEcho(problem))) byLine.set(problem.line, problem);
  }
  return [...byLine.values()];
}

const notYaml = 'is not valid YAML';

function slipOf(error: YAMLError, text: string, lines: LineCounter): Slip {
  const [at] = error.pos;
  const { line, col } = lines.linePos(at);
  const known = syntaxWords[error.code];
  const isCertain = known !== undefined && !mayBeIndentation.includes(error.code);
  const words = isCertain
    ? known
    : (indentationWords(text, lines, line) ?? colonWords(text, lines, line) ?? known);
  return {
    at,
    message: `${notYaml} at column ${col}: ${printable(error.message)}`,
    fix: 'Look for a quote, bracket or colon that is missing, here or on the line above.',
    ...words,
  };
}

function unclosedBefore({ pos: [at] }: YAMLError, text: string, lines: LineCounter): Slip | null {
  const open = openAt(text, at);
  const isOnLineOfError = open && lines.linePos(open.at).line === lines.linePos(at).line;
  if (!open || (isOnLineOfError && !open.isCrossed)) return null;
  const [what, closing] = openings[open.character] ?? ['a bracket', ']'];
  const { col } = lines.linePos(open.at);
  return {
    at: open.at,
    message: `opens ${what} at column ${col} that is not closed`,
    fix: `Write ${closing} where it ends.`,
  };
}

const openings: Readonly<Record<string, readonly [what: string, closing: string]>> = {
  '[': ['a list "["', '"]"'],
  '{': ['a block "{"', '"}"'],
  '"': ['a quote', 'the closing one (")'],
  "'": ['a quote', "the closing one (')"],
};

/** `isCrossed` if the bracket of something around it is closed first. */
type Open = { readonly at: number; readonly character: string; readonly isCrossed: boolean };

/** The innermost open bracket at a position of the text, or an unclosed quote or bracket before it. */
function openAt(text: string, place: number): Open | null {
  const open: Open[] = [];
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (token === '\u001f') {
      isScalar = true;
      continue;
    }
    // The lexer adds control characters: \u0018 ends an unclosed token.
    if (token === '\u0018' && open.length > 0) break;
    if (token === '\u0002' || token === '\u0018') continue;
    const [character = ''] = token;
    if (!isScalar) {
      if (token === '[' || token === '{') open.push({ at: offset, character, isCrossed: false });
      if (token === ']' || token === '}') {
        const inner = open.pop();
        if (inner && `${inner.character}${token}` !== (token === ']' ? '[]' : '{}')) {
          return { ...inner, isCrossed: true };
        }
      }
      const isQuoted = character === '"' || character === "'";
      const isClosed = token.length > 1 && token.endsWith(character);
      if (isQuoted && !isClosed) return { at: offset, character, isCrossed: false };
    }
    isScalar = false;
    offset += token.length;
    if (offset > place) break;
  }
  return open.at(-1) ?? null;
}

/** The parser reports these also where only the indentation is wrong. */
const mayBeIndentation = ['BLOCK_AS_IMPLICIT_KEY', 'MULTILINE_IMPLICIT_KEY'];

/** YAML takes `key:value` for a text. */
function colonWords(text: string, lines: LineCounter, line: number): Words | null {
  const [, key, value] = /^\s*(?:- +)?([\w-]+):([^\s:/].*)$/.exec(lineAt(text, lines, line)) ?? [];
  if (!key || !value) return null;
  return {
    message: 'has no space behind its colon',
    fix: `Write "${printable(withoutSecrets(`${key}: ${value.trim()}`))}".`,
  };
}

/** A line must begin at the column of a line above it, or deeper where that has no value yet. */
function indentationWords(text: string, lines: LineCounter, line: number): Words | null {
  const own = indentOf(lineAt(text, lines, line));
  if (own === null) return null;
  const above: number[] = [];
  let last: string | null = null;
  for (let each = 1; each < line; each += 1) {
    const content = lineAt(text, lines, each);
    const indent = indentOf(content);
    if (indent === null) continue;
    while ((above.at(-1) ?? -1) >= indent) above.pop();
    above.push(indent);
    // The text after a hyphen begins a block too.
    const [, inner] = /^\s*(- +)\S/.exec(content) ?? [];
    if (inner) above.push(indent + inner.length);
    last = content;
  }
  const deepest = above.at(-1);
  if (last === null || deepest === undefined || above.includes(own)) return null;
  const mayBeDeeper = /:\s*(#.*)?$/.test(last) || /^\s*-\s*$/.test(last);
  if (own > deepest && mayBeDeeper) return null;
  const possible =
    own > deepest ? [deepest] : [...above].filter((each) => Math.abs(each - own) <= 2);
  return {
    message: `is indented by ${spaces(own)}, and no line above it begins there`,
    fix: `Indent it by ${possible.join(' or ') || deepest}, as the lines that it belongs to.`,
  };
}

/** Null for an empty line or a comment. */
function indentOf(line: string): number | null {
  const at = line.search(/\S/);
  return at < 0 || line[at] === '#' || line.startsWith('\t') ? null : at;
}

function spaces(count: number): string {
  return count === 1 ? '1 space' : `${count} spaces`;
}

function lineAt(text: string, lines: LineCounter, line: number): string {
  const start = lines.lineStarts[line - 1] ?? 0;
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end);
}

const syntaxWords: Readonly<Record<string, Words>> = {
  MULTIPLE_DOCS: {
    message: 'starts a second document; one file holds one configuration',
    fix: 'Remove the line "---" and what follows, or join the two.',
  },
  TAB_AS_INDENT: { message: 'is indented with a tab', fix: 'Indent with spaces.' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'has a second "key:" on the same line',
    fix: 'Put the value in quotes, or the second key on a line of its own.',
  },
  BAD_SCALAR_START: {
    message: 'has a value that starts with a reserved character',
    fix: 'Put the value in quotes.',
  },
  RESOURCE_EXHAUSTION: { message: 'is nested too deeply', fix: 'Remove the nesting.' },
  TAG_RESOLVE_FAILED: {
    message: 'has a tag ("!…"), which certkeep does not read',
    fix: 'Remove the tag, or put the value in quotes.',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'has no ":" behind its key',
    fix: 'Write a colon and a space between key and value; what is a text of several lines needs quotes.',
  },
};

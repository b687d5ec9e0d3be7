import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { errorMessage } from '#shared/errors.ts';
import { unreadableText } from './encoding.ts';
import { type ConfigProblem, type Path, printable, type Range } from './problem.ts';
import { withoutSecrets } from './secret-value.ts';
import { yamlLocator } from './yaml-lines.ts';
import { plainValue } from './yaml-values.ts';

/** A configuration file as plain values, and where each of them stands. */
export type YamlFile = {
  readonly value: unknown;
  lineAt(offset: number): number;
  range(path: Path): Range | null;
  keyRange(path: Path): Range | null;
  valueRange(path: Path): Range | null;
  /** A scalar as it is written: `012` is the number 10 or 12 only after reading. */
  source(path: Path): string | null;
};

type YamlReading = { readonly file: YamlFile | null; readonly problems: readonly ConfigProblem[] };

/** What follows the first errors of syntax is mostly their echo. */
const mostSyntaxErrors = 100;

/** Reads one YAML 1.2 document. Duplicate keys and the like do not hide what else is wrong in the file. */
export function readYaml(text: string, source: string): YamlReading {
  const unreadable = unreadableText(text);
  if (unreadable) return fileProblem(source, unreadable.message, unreadable.fix);
  const lines = new LineCounter();
  try {
    // Their own check for unique keys compares every key with every other.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0) {
      const problems = errors
        .slice(0, mostSyntaxErrors)
        .map((error) => syntaxProblem(error, text, lines, source));
      return { file: null, problems: oneForEachLine(problems) };
    }
    const root = document.contents;
    if (root === null || (isScalar(root) && root.value === null)) {
      return fileProblem(source, 'is empty', 'Start from certkeep.example.yaml.');
    }
    if (!isMap(root)) {
      return fileProblem(
        source,
        'does not start with keys such as "home:" and "certificates:"',
        'Start from certkeep.example.yaml.',
      );
    }
    const { value, problems, anchors } = plainValue(root, (offset) => lines.linePos(offset));
    return { file: { value, ...yamlLocator(root, anchors, lines) }, problems };
  } catch (error) {
    // The parser recurses: what is nested thousands of times ends its stack.
    const message =
      error instanceof RangeError
        ? 'is nested too deeply'
        : `cannot be read: ${printable(errorMessage(error))}`;
    return fileProblem(source, message, 'Start from certkeep.example.yaml.');
  }
}

function fileProblem(source: string, message: string, fix: string): YamlReading {
  const path = printable(source);
  const nowhere = { line: null, value: '', range: null, excerpt: null };
  return { file: null, problems: [{ path, message, fix, ...nowhere }] };
}

/** One slip makes several errors, of which those with words of ours say most. */
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

function syntaxProblem(
  error: { code: string; message: string; pos: [number, number] },
  text: string,
  lines: LineCounter,
  source: string,
): ConfigProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const start = lines.lineStarts[line - 1] ?? 0;
  const end = text.indexOf('\n', start);
  const known = syntaxFixes[error.code];
  return {
    path: printable(source),
    line,
    value: printable(withoutSecrets(text.slice(start, end === -1 ? undefined : end).trim())),
    message: known?.message ?? `${notYaml} at column ${col}: ${printable(error.message)}`,
    fix:
      known?.fix ??
      'Look for a quote, bracket or colon that is missing, here or on the line above.',
    range: [error.pos[0], Math.max(error.pos[1], error.pos[0] + 1)],
    excerpt: null,
  };
}

const syntaxFixes: Readonly<Record<string, { message: string; fix: string }>> = {
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
};

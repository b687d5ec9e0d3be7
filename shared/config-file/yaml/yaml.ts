import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { errorMessage } from '#shared/errors.ts';
import type { Path } from '#shared/schema/finding.ts';
import { type ConfigProblem, printable, type Range } from '../messages/problem.ts';
import { unreadableText } from './encoding.ts';
import { yamlLocator } from './yaml-lines.ts';
import { syntaxProblems } from './yaml-syntax.ts';
import { plainValue } from './yaml-values.ts';

/** A configuration file as plain values, with the position of each. */
export type YamlFile = {
  readonly value: unknown;
  lineAt(offset: number): number;
  range(path: Path): Range | null;
  keyRange(path: Path): Range | null;
  valueRange(path: Path): Range | null;
  /** A scalar as it is written: `012` becomes the number 10 or 12 only when it is read. */
  source(path: Path): string | null;
};

type YamlReading = { readonly file: YamlFile | null; readonly problems: readonly ConfigProblem[] };

/** Reads one YAML 1.2 document. Duplicate keys and the like do not hide other mistakes in the file. */
export function readYaml(text: string, source: string): YamlReading {
  const unreadable = unreadableText(text);
  if (unreadable) return fileProblem(source, unreadable.message, unreadable.fix);
  const lines = new LineCounter();
  try {
    // The parser's own check for unique keys compares every key with every other.
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    const errors = [...document.errors, ...document.warnings];
    if (errors.length > 0) {
      return { file: null, problems: syntaxProblems(errors, text, lines, source) };
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
    // The parser recurses, so thousands of nested levels overflow its stack.
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

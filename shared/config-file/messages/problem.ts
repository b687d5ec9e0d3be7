import type { Path } from '#shared/schema/finding.ts';

/** Offsets into the text of the file, from the first character to after the last. */
export type Range = readonly [start: number, end: number];

/** A line of the file, and the part of it that a problem is about. Columns begin at 1. */
export type Excerpt = { readonly text: string; readonly column: number; readonly width: number };

/** One thing to correct, for a person. */
export type ConfigProblem = {
  /** `certificates.shop.names[1]`; the name of the file for a problem of the whole file. */
  readonly path: string;
  readonly line: number | null;
  /** Printable, and complete unless it is very long; empty where there is none. */
  readonly value: string;
  readonly message: string;
  readonly fix: string;
  /** The position in the file; null for a problem of the whole file. */
  readonly range: Range | null;
  readonly excerpt: Excerpt | null;
};

/** Fits the longest values that belong into the file, an ARN or a name. */
const longestValue = 512;
const longestKey = 80;

/** Makes hostile or long text fit for a terminal: no control, bidirectional or invisible characters. */
export function printable(text: string, longest = longestKey): string {
  const escaped = text
    // Escapes are longer than the characters they replace, so the text is cut first.
    .slice(0, 2 * longest)
    .replace(
      /[\p{C}\p{Zl}\p{Zp}\u00a0]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return escaped.length > longest || text.length > 2 * longest
    ? `${escaped.slice(0, longest)}…`
    : escaped;
}

/** Does not print collections: aliases can make huge values of small files. */
export function printableValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return printable(value, longestValue);
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  if (typeof value === 'object') return '(a block of keys)';
  return printable(String(value), longestValue);
}

export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += `${text && '.'}${printable(step)}`;
    else text += `["${printable(step)}"]`;
  }
  return text;
}

import type { Path } from '#shared/schema/finding.ts';

/** From the first character to behind the last one, in the text of the file. */
export type Range = readonly [start: number, end: number];

/** A line of the file for people, and what of it a problem speaks of: columns from 1. */
export type Excerpt = { readonly text: string; readonly column: number; readonly width: number };

/** One thing to correct, for a person. */
export type ConfigProblem = {
  /** `certificates.shop.names[1]`; the name of the file for what concerns all of it. */
  readonly path: string;
  readonly line: number | null;
  /** Printable, and whole unless it is very long; empty where there is none. */
  readonly value: string;
  readonly message: string;
  readonly fix: string;
  /** Where it stands in the file; null for what concerns all of it. */
  readonly range: Range | null;
  readonly excerpt: Excerpt | null;
};

/** The longest of what is meant to stand in the file, an ARN or a name, fits. */
const longestValue = 512;
const longestKey = 80;

/** Hostile or long text made fit for a terminal: no control, bidirectional or invisible characters. */
export function printable(text: string, longest = longestKey): string {
  const escaped = text
    // Escapes are longer than what they stand for: enough is cut off before.
    .slice(0, 2 * longest)
    .replace(
      /[\p{C}\p{Zl}\p{Zp}\u00a0]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return escaped.length > longest || text.length > 2 * longest
    ? `${escaped.slice(0, longest)}…`
    : escaped;
}

/** Never walks into collections: aliases can make small files of huge values. */
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

export type Path = readonly (string | number)[];

/** What a check has to say, before it is known where in the file it stands. */
export type Finding = {
  readonly path: Path;
  /** Reads on after the value: "is not …", "is missing". */
  readonly message: string;
  readonly fix: string;
  /** Stands in for the value in the file, for example the key where the key is what is wrong. */
  readonly value?: string;
};

/** One thing to correct, for a person. */
export type ConfigProblem = {
  /** `certificates.shop.names[1]`; the name of the file for what concerns all of it. */
  readonly path: string;
  readonly line: number | null;
  /** Shortened and printable; empty where there is none. */
  readonly value: string;
  readonly message: string;
  readonly fix: string;
};

const longestValue = 80;

/** Hostile or long text made fit for a terminal: no control, bidirectional or invisible characters. */
export function printable(text: string): string {
  const escaped = text
    // Escapes are longer than what they stand for: enough is cut off before.
    .slice(0, 2 * longestValue)
    .replace(
      /[\p{C}\p{Zl}\p{Zp}\u00a0]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
  return escaped.length > longestValue || text.length > 2 * longestValue
    ? `${escaped.slice(0, longestValue)}…`
    : escaped;
}

/** Never walks into collections: aliases can make small files of huge values. */
export function printableValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return `(a list of ${value.length})`;
  if (typeof value === 'object') return '(a block of keys)';
  return printable(String(value));
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

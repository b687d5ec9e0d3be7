import { oneLine } from '#shared/text/plain-text.ts';

const longestCell = 10_000;

/**
 * RFC 4180. A spreadsheet takes a cell that begins with one of `= + - @` for a formula: an apostrophe in front says that it
 * is text (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(cellOf).join(',')).join('\r\n');
}

function cellOf(text: string): string {
  const visible = oneLine(text, longestCell);
  const safe = /^\s*[=+\-@]/.test(visible) ? `'${visible}` : visible;
  return /[",']|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

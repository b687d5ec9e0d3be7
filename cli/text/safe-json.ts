import { hidden } from '#shared/text/plain-text.ts';

const hiddenAll = new RegExp(`(?!\\n)${hidden.source}`, 'gu');

/** JSON that means the same everywhere, with every invisible character escaped: a terminal may show it. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(hiddenAll, escaped);
}

/** The same on one line. */
export function safeJsonLine(value: unknown): string {
  return JSON.stringify(value).replace(hiddenAll, escaped);
}

function escaped(letter: string): string {
  return Array.from({ length: letter.length }, (_, index) => {
    const unit = letter.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}

import { hidden } from '#shared/text/plain-text.ts';

const hiddenAll = new RegExp(hidden.source, 'gu');

/** A text as one word of a POSIX shell, for commands that people paste. Nothing invisible is left in it. */
export function shellWord(text: string): string {
  const visible = text.replace(hiddenAll, '');
  if (/^[\w@%+=:,./-]+$/.test(visible)) return visible;
  return `'${visible.replaceAll("'", `'\\''`)}'`;
}

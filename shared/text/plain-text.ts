/**
 * Characters that are invisible or move others: controls, line and paragraph separators, formats (zero widths and
 * directions among them), and blank letters: Hangul fillers, the blank of Braille, and others that Unicode calls ignorable
 * (https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt).
 */
export const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]/u;

/** A word with letters of two alphabets may imitate one of our names. */
const latin = /\p{Script=Latin}/u;
const word = /[\p{L}\p{M}\p{N}]+/gu;
const lookalike =
  /(?=\p{L})[^\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** Turns anybody's text into one line of bounded length, with every character visible. */
export function oneLine(text: string, longest: number): string {
  // Most texts are, in a fleet of ten thousand.
  if (text.length <= longest && printableAscii.test(text)) return text;
  const line = text
    .replace(/\s+/gu, (space) => (/^ +$/.test(space) ? space : escaped(space)))
    .replace(hiddenAll, escaped)
    .replace(word, (each) => (latin.test(each) ? each.replace(lookalike, escaped) : each));
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

const printableAscii = /^[\x20-\x7e]*$/;
const hiddenAll = new RegExp(hidden.source, 'gu');

function escaped(text: string): string {
  return [...text].map((letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`).join('');
}

/** Quotes somebody else's words, so that nobody takes them for certkeep's. */
export function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}

const longestText = 1_000;

/** Prepares somebody else's text for messages and logs: one printable line of bounded length. */
export function cleanText(text: string, longest = longestText): string {
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** The columns that text takes on a terminal, in which letters of East Asia and pictures take two and marks none. */
export function widthOf(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += widthOfLetter(letter);
  return width;
}

const plain = /^[\x20-\x7e]*$/;
/** Marks that stand on a letter, and the vowels and endings that join a syllable of Hangul. */
const joined = /[\p{Mn}\p{Me}\u{1160}-\u{11FF}]/u;
/** https://www.unicode.org/Public/UCD/latest/ucd/EastAsianWidth.txt: W and F. */
const wide =
  /[\p{Emoji_Presentation}\u{1100}-\u{115F}\u{2E80}-\u{303E}\u{3041}-\u{A4CF}\u{A960}-\u{A97F}\u{AC00}-\u{D7A3}\u{F900}-\u{FAFF}\u{FE30}-\u{FE6F}\u{FF01}-\u{FF60}\u{FFE0}-\u{FFE6}\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]/u;

function widthOfLetter(letter: string): number {
  if (joined.test(letter)) return 0;
  return wide.test(letter) ? 2 : 1;
}

/** Returns text of at most that many columns; what was cut ends with `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let left = width - 1;
  for (const letter of text) {
    left -= widthOfLetter(letter);
    if (left < 0) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** Fills text with blanks up to that many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Breaks text between words into lines of at most that many columns; a longer word has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Lines that people copy, and lines that point at a column of the line above, are left whole. */
const whole = /^\s*(?:Next: |\d+ \||\^)/;

/** Breaks the lines of a text that are too long, each below its own beginning. */
export function folded(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (widthOf(line) <= width || whole.test(line)) return [line];
      const indent = /^ */.exec(line)?.[0] ?? '';
      return wrapped(line.slice(indent.length), width - indent.length).map((each) => indent + each);
    })
    .join('\n');
}

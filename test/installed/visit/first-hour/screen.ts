/** What a terminal shows in the end of what was written to it: lines that were drawn anew stand there as they were last. */
export function screenText(written: string): string {
  // The line above belongs to the shell.
  const lines: string[][] = [[], []];
  let row = 1;
  let column = 0;
  for (const [token, count = '', letter] of written.matchAll(sequences)) {
    const many = Number(count) || 1;
    const line = lines[row] ?? [];
    lines[row] = line;
    if (token === '\n') row += 1;
    else if (token === '\r') column = 0;
    else if (letter === 'A') row = Math.max(0, row - many);
    else if (letter === 'G') column = many - 1;
    else if (letter === 'K') line.length = 0;
    else if (letter === 'J') {
      line.length = Math.min(line.length, column);
      lines.length = row + 1;
    } else if (letter === undefined) {
      while (line.length < column) line.push(' ');
      line[column] = token;
      column += 1;
    }
    while (lines.length <= row) lines.push([]);
  }
  return lines
    .slice(1)
    .map((line) => line.join('').trimEnd())
    .join('\n');
}

const escapeLetter = String.fromCharCode(27);
/** A sequence that moves or erases, or one letter. */
const sequences = new RegExp(`${escapeLetter}\\[\\??(\\d*)[\\d;]*([A-Za-z])|[\\s\\S]`, 'gu');

import type { Refusal } from './refusals.ts';
import type { Outcome } from './run-steps.ts';

const widest = 100;
const [numberWidth, nameWidth, resultWidth, secondsWidth] = [2, 12, 7, 7] as const;
const sawWidth = widest - numberWidth - nameWidth - resultWidth - secondsWidth - 8;

/** Formats the table with at most 100 columns; longer text continues on the next line. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome, index) => {
    const { name, result, durationMs, saw } = outcome;
    const seconds = (durationMs / 1_000).toFixed(1);
    const advice = 'todo' in outcome ? wrapped(`To do: ${outcome.todo}`) : [];
    return [...wrapped(saw), ...advice].map((text, line) =>
      line === 0 ? row(String(index + 1), name, result, seconds, text) : row('', '', '', '', text),
    );
  });
  const rule = [numberWidth, nameWidth, resultWidth, secondsWidth, sawWidth];
  return [
    row('', 'looked at', 'result', 'seconds', 'what was seen'),
    rule.map((width) => '-'.repeat(width)).join('  '),
    ...rows,
  ].join('\n');
}

function row(number: string, name: string, result: string, seconds: string, saw: string): string {
  const cells = [
    number.padStart(numberWidth),
    name.padEnd(nameWidth),
    result.padEnd(resultWidth),
    seconds.padStart(secondsWidth),
    saw,
  ];
  return cells.join('  ').trimEnd();
}

/** Wraps at spaces, and cuts a word that is longer than a line, such as an ARN. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap(cut)) {
    if (line && line.length + 1 + word.length > sawWidth) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

function cut(word: string): readonly string[] {
  return word.match(new RegExp(`.{1,${sawWidth}}`, 'gu')) ?? [''];
}

export function refusalText(refusals: readonly Refusal[]): string {
  const each = refusals.map(
    ({ path, value, problem, fix }) =>
      `  ${path}: ${value || '(nothing)'}\n    ${problem}\n    ${fix}`,
  );
  return ['Refused; nothing was touched:', ...each].join('\n');
}

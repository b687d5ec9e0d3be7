import { expect, test } from 'vitest';
import { plainPaint } from '#cli/text/paint.ts';
import { screen } from '#local/demo/output/screen.ts';
import { type Standing, stageBlock } from '#local/demo/output/stage-block.ts';

const esc = '\u001b';
const parts = new RegExp(`${esc}\\[\\d*[AJ]|\\n|\\r|[^${esc}\\n\\r]+`, 'g');
const moves = new RegExp(`^${esc}\\[(\\d+)A$`);

/** A terminal of so many columns and lines, as far as a block needs one. */
function terminalOf(columns: number, lines: number) {
  const rows = [''];
  let row = 0;
  function put(text: string): void {
    for (const [part] of text.matchAll(parts)) {
      const up = moves.exec(part)?.[1];
      if (up) row = Math.max(0, rows.length - lines, row - Number(up));
      else if (part === '\u001b[J') rows.splice(row, rows.length, '');
      else if (part === '\n') {
        row += 1;
        rows[row] ??= '';
      } else if (part !== '\r') {
        const pieces = part.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [];
        for (const [index, piece] of pieces.entries()) {
          if (index > 0) row += 1;
          rows[row] = piece;
        }
      }
    }
  }
  return {
    rows: () => rows.filter((each) => each !== ''),
    terminal: {
      isInteractive: true,
      width: () => columns,
      height: () => lines,
      print: (text: string) => put(`${text}\n`),
      write: put,
    },
  };
}

function fleetOf(count: number, stage: Standing['stage']): readonly Standing[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `a-certificate-with-a-name-${index}`, stage },
    failure:
      index === 0 ? { error: 'IssuerUnreachable', message: `${'far away, '.repeat(40)}` } : null,
  }));
}

const sizes = [80, 100, 200].flatMap((columns) =>
  [12, 300].map((count) => [columns, count] as const),
);

test.each(sizes)(
  'at %i columns a block of %i certificates leaves nothing behind',
  (columns, count) => {
    const { rows, terminal } = terminalOf(columns, 24);
    const shown = screen(terminal);
    shown.line('before');
    for (const stage of ['check', 'issue', 'deploy', 'issue'] as const) {
      const block = stageBlock(fleetOf(count, stage), 12.3, { paint: plainPaint, width: columns });
      shown.block(block);
      expect(rows()).toEqual(['before', ...block]);
    }
    shown.line('a line that stays');
    shown.block(stageBlock(fleetOf(count, 'served'), 20, { paint: plainPaint, width: columns }));
    shown.end();
    expect(rows()).toEqual(['before', 'a line that stays']);
  },
);

test('a block that is higher than the screen is cut', () => {
  const { rows, terminal } = terminalOf(80, 4);
  const shown = screen(terminal);
  shown.block(['one', 'two', 'three', 'four', 'five']);
  shown.block(['one', 'two', 'three', 'four', 'five']);
  expect(rows()).toEqual(['one', 'two', 'three']);
});

test('where nothing can be drawn anew, an hour of waiting takes a few lines', () => {
  let now = 0;
  const printed: string[] = [];
  const shown = screen(
    {
      ...terminalOf(80, 24).terminal,
      isInteractive: false,
      print: (text) => void printed.push(text),
      write: () => {
        throw new Error('nothing may be drawn');
      },
    },
    () => now,
  );
  for (; now < 3_600_000; now += 250) shown.block([`at ${now}`, 'a stage']);
  expect(printed.length).toBeGreaterThan(5);
  expect(printed.length).toBeLessThan(25);
  expect(printed.join('\n')).not.toContain('a stage');
});

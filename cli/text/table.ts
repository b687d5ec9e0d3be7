import { cut, padded, widthOf } from './width.ts';

export type Column<Row> = {
  readonly head: string;
  /** It is cut to this many columns of the terminal where there is no room, and no further. */
  readonly least: number;
  cell(row: Row): string;
  /** Adds colour, which takes no room. */
  paint?(text: string, row: Row): string;
};

const gap = '  ';

/**
 * Lays rows out below a head. Where they do not fit, the column that is furthest above its least width gives way first.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const natural = columns.map(({ head }, index) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), head.length),
  );
  const least = columns.map((column) => column.least);
  const widths = fitted(natural, least, width - gap.length * (columns.length - 1));
  const line = (texts: readonly string[], row: Row | null) =>
    texts
      .map((text, index) => {
        const isLast = index === columns.length - 1;
        const fits = cut(text, widths[index] ?? 0);
        const cell = isLast ? fits : padded(fits, widths[index] ?? 0);
        return row === null ? cell : (columns[index]?.paint?.(cell, row) ?? cell);
      })
      .join(gap)
      .trimEnd();
  const heads = columns.map(({ head }) => head);
  return [line(heads, null), ...rows.map((row, index) => line(cells[index] ?? [], row))];
}

function fitted(
  natural: readonly number[],
  least: readonly number[],
  room: number,
): readonly number[] {
  const widths = [...natural];
  const above = (index: number) => (widths[index] ?? 0) - (least[index] ?? 0);
  let excess = widths.reduce((sum, each) => sum + each, 0) - room;
  for (; excess > 0; excess -= 1) {
    const largest = widths.reduce(
      (best, _, index) => (above(index) > above(best) ? index : best),
      0,
    );
    if (above(largest) <= 0) break;
    widths[largest] = (widths[largest] ?? 0) - 1;
  }
  return widths;
}

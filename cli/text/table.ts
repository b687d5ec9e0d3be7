import { cut, padded, widthOf } from './width.ts';

export type Column<Row> = {
  readonly head: string;
  /** Where there is no room, it is cut to this many columns of the terminal, and no further. */
  readonly least: number;
  /** The column with the lowest number gives way first. */
  readonly givesWay: number;
  cell(row: Row): string;
  /** Adds colour, which takes no room. */
  paint?(text: string, row: Row): string;
};

const gap = '  ';

/**
 * Lays rows out below a head, two blanks apart. Where they do not fit, cells are cut.
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
  const widths = fitted(natural, columns, width - gap.length * (columns.length - 1));
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

/** Takes from the columns in the order in which they give way, from each down to its least width. */
function fitted(
  natural: readonly number[],
  columns: readonly Pick<Column<never>, 'least' | 'givesWay'>[],
  room: number,
): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, 0) - room;
  const order = [...columns.entries()].toSorted(([, a], [, b]) => a.givesWay - b.givesWay);
  for (const [index, { least }] of order) {
    const width = widths[index] ?? 0;
    const given = Math.max(0, Math.min(excess, width - least));
    widths[index] = width - given;
    excess -= given;
  }
  return widths;
}

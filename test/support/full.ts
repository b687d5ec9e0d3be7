/** Whether everything is tried, as in CI, instead of a part that still can fail. */
export const isFull = Boolean(process.env.CERTKEEP_FULL);

/** Of rows that show one rule in many cases: every third where not everything is tried. */
export function some<Row>(rows: readonly Row[]): readonly Row[] {
  return isFull ? rows : rows.filter((_, at) => at % 3 === 0);
}

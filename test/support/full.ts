/** Whether everything is tried, as in CI, instead of a part that still can fail. */
export const isFull = Boolean(process.env.CERTKEEP_FULL);

/** The drawn cases of a property: a tenth of them unless everything is tried. */
export function runs(all: number): number {
  return isFull ? all : Math.ceil(all / 10);
}

/** From one case of a long table to the next that is tried. */
export const step = isFull ? 1 : 3;

/** Of rows that show one rule in many cases. */
export function some<Row>(rows: readonly Row[]): readonly Row[] {
  return rows.filter((_, at) => at % step === 0);
}

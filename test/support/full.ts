/** Whether everything is tried, as in CI, instead of a part that still can fail. */
export const isFull = Boolean(process.env.CERTKEEP_FULL);

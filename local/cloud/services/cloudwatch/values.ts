export type Window = { readonly fromMs: number; readonly toMs: number };

/** One value a window, in the order of time; null where there is none. */
export type Values = readonly (number | null)[];

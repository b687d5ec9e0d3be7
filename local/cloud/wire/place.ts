/** An account and a region: nearly everything at AWS stands in one of each. */
export type Place = { readonly account: string; readonly region: string };

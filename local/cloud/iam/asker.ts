/** The caller's account and region, from which ARNs are built. */
export type Asker = { readonly region: string; readonly account: string };

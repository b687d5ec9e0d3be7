/** Who calls, and where: as much of it as ARNs are made of. */
export type Asker = { readonly region: string; readonly account: string };

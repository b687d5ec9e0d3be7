export const sortOrders = ['state', 'ends', 'renews', 'name'] as const;

export type SortOrder = (typeof sortOrders)[number];

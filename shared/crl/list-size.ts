/** Let's Encrypt's parts are well under one; the whole lists of some others are larger, and a setting of their issuer says so. */
export const usualListMiB = 2;
export const mostListMiB = 10;

/**
 * Let's Encrypt's partial lists are well under one MiB. Some CAs' complete lists are larger; a setting of their issuer
 * allows them.
 */
export const usualListMiB = 2;
export const mostListMiB = 10;

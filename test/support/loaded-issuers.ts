import { loadIssuers } from '#shared/issuers/registry.ts';

/** Every kind. */
export const loadedIssuers = await loadIssuers(['acme']);

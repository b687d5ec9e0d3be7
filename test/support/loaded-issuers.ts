import { loadIssuers } from '#shared/issuers/registry.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';

/** Every kind. */
export const loadedIssuers = await loadIssuers(
  Object.keys(issuerSpecs) as (keyof typeof issuerSpecs)[],
);

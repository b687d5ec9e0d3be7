import { loadTargets } from '#shared/targets/registry.ts';
import { targetSpecs } from '#shared/targets/specs.ts';

/** Every kind. */
export const loadedTargets = await loadTargets(
  Object.keys(targetSpecs) as (keyof typeof targetSpecs)[],
);

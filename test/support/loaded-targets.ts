import { loadTargets } from '#shared/targets/registry.ts';

/** Every kind. */
export const loadedTargets = await loadTargets(['alb', 'clb']);

import { loadSolvers } from '#shared/solvers/registry.ts';

/** Every kind. */
export const loadedSolvers = await loadSolvers([
  'route53',
  'cloudflare',
  'alidns',
  'dnspod',
  'alb-http01',
]);

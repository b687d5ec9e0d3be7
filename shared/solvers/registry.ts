import { loadPlugins, type PluginLoaders } from '#shared/schema/plugin.ts';
import { solverFacts } from './facts.ts';
import type { Solver } from './solver.ts';
import type { SolverDeps, SolverPlugin } from './solver-plugin.ts';
import type { RetiredSolverConfig } from './specs.ts';

type SolverType = RetiredSolverConfig['type'];

/** One line per kind: the module that the function loads, with its SDK. */
const plugins: PluginLoaders<SolverType, SolverPlugin> = {
  route53: () => import('./route53/plugin.ts'),
  cloudflare: () => import('./cloudflare/plugin.ts'),
  alidns: () => import('./alidns/plugin.ts'),
  dnspod: () => import('./dnspod/plugin.ts'),
  'alb-http01': () => import('./alb-http01/plugin.ts'),
};

export type LoadedSolvers = ReadonlyMap<SolverType, SolverPlugin>;

export function loadSolvers(types: readonly SolverType[]): Promise<LoadedSolvers> {
  return loadPlugins(plugins, types);
}

/** A process has one instance per solver key, which keeps the zones that it found. */
export function createSolver(
  loaded: LoadedSolvers,
  config: RetiredSolverConfig,
  deps: SolverDeps,
): Solver {
  const plugin = loaded.get(config.type);
  if (!plugin) throw new Error(`solvers of type ${config.type} are not loaded`);
  const { rate, rateOwner } = solverFacts(config);
  const ownPace = deps.pace(`${config.type} ${rateOwner(config) ?? 'home'}`, rate);
  return plugin.create(config, { ...deps, ownPace });
}

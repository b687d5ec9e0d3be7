import { recordOptions } from '../records/record-options.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { CreateDeps, SolverPlugin } from '../solver-plugin.ts';
import { templateClient } from './client.ts';
import type { TemplateConfig } from './facts.ts';

/** What the registry loads where the configuration names this kind. What to do when, the solver for single records knows. */
export const plugin = {
  create(config: TemplateConfig, deps: CreateDeps) {
    const api = templateClient(recordOptions(config, deps));
    return recordSolver({ service: 'template', api, clock: deps.clock });
  },
} satisfies SolverPlugin<TemplateConfig>;

import { recordOptions } from '../records/record-options.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { CreateDeps, SolverPlugin } from '../solver-plugin.ts';
import { templateClient } from './client.ts';
import type { TemplateConfig } from './facts.ts';

/** The registry loads this where the configuration names the kind. The record solver knows the order of the calls. */
export const plugin = {
  create(config: TemplateConfig, deps: CreateDeps) {
    const api = templateClient(recordOptions(config, deps));
    return recordSolver({ service: 'template', api, clock: deps.clock });
  },
} satisfies SolverPlugin<TemplateConfig>;

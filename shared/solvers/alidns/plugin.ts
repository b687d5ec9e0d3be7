import { recordOptions } from '../records/record-options.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { CreateDeps, SolverPlugin } from '../solver-plugin.ts';
import { alidnsClient } from './client.ts';
import type { AlidnsConfig } from './facts.ts';

export const plugin = {
  create(config: AlidnsConfig, deps: CreateDeps) {
    const api = alidnsClient(recordOptions(config, deps));
    return recordSolver({ service: 'AliDNS', api, clock: deps.clock });
  },
} satisfies SolverPlugin;

import { recordOptions } from '../records/record-options.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { CreateDeps, SolverPlugin } from '../solver-plugin.ts';
import { dnspodClient } from './client.ts';
import type { DnspodConfig } from './facts.ts';

export const plugin = {
  create(config: DnspodConfig, deps: CreateDeps) {
    const api = dnspodClient(recordOptions(config, deps));
    return recordSolver({ service: 'DNSPod', api, clock: deps.clock });
  },
} satisfies SolverPlugin;

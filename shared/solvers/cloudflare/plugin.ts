import { recordOptions } from '../records/record-options.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { CreateDeps, SolverPlugin } from '../solver-plugin.ts';
import { cloudflareClient } from './client.ts';
import type { CloudflareConfig } from './facts.ts';

export const plugin = {
  create(config: CloudflareConfig, deps: CreateDeps) {
    const api = cloudflareClient(recordOptions(config, deps));
    return recordSolver({ service: 'Cloudflare', api, clock: deps.clock });
  },
} satisfies SolverPlugin;

import type { Clock } from '#shared/clock.ts';
import type { RecordApi } from '../records/record-api.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { Solver } from '../solver.ts';

export type CloudflareDeps = {
  readonly client: RecordApi;
  readonly clock: Clock;
  readonly random?: () => number;
};

/** Everything that certkeep does at Cloudflare it does at every service that keeps single records. */
export function cloudflareSolver({ client, ...deps }: CloudflareDeps): Solver {
  return recordSolver({ ...deps, api: client, service: 'Cloudflare' });
}

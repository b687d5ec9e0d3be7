import type { Clock } from '#shared/clock.ts';
import type { RecordApi } from '../records/record-api.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { Solver } from '../solver.ts';

export type DNSPodDeps = {
  readonly client: RecordApi;
  readonly clock: Clock;
  readonly random?: () => number;
};

/** Everything that certkeep does at DNSPod it does at every service that keeps single records. */
export function dnspodSolver({ client, ...deps }: DNSPodDeps): Solver {
  return recordSolver({ ...deps, api: client, service: 'DNSPod' });
}

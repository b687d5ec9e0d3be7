import type { Clock } from '#shared/clock.ts';
import type { RecordApi } from '../records/record-api.ts';
import { recordSolver } from '../records/record-solver.ts';
import type { Solver } from '../solver.ts';

export type AliDNSDeps = {
  readonly client: RecordApi;
  readonly clock: Clock;
  readonly random?: () => number;
};

/** Everything that certkeep does at AliDNS it does at every service that keeps single records. */
export function alidnsSolver({ client, ...deps }: AliDNSDeps): Solver {
  return recordSolver({ ...deps, api: client, service: 'AliDNS' });
}

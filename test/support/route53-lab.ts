import * as module from '@aws-sdk/client-route-53';
import { type Faults, faultInjection } from 'local-cloud/faults.ts';
import { call, localDns } from 'local-cloud/kit/local-dns.ts';
import { startAwsFront } from 'local-cloud/wire/front.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { clientOptions, type RequestHandler } from '#shared/aws/clients.ts';
import { createSolver } from '#shared/solvers/registry.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import type { SolverDeps } from '#shared/solvers/solver-plugin.ts';
import type { Clock } from '#shared/time/clock.ts';
import { loadedSolvers } from './loaded-solvers.ts';
import { solverDeps } from './solver-deps.ts';

export type Route53Lab = Awaited<ReturnType<typeof localDns>> & {
  readonly faults: Faults;
  /** Another writer with a memory of its own, over the unmodified SDK. */
  solver(config?: {
    hostedZoneId?: string;
    maxAttempts?: number;
    requestHandler?: RequestHandler;
    pace?: SolverDeps['pace'];
    clock?: Clock;
  }): Solver;
  /** TXT values at a name as Route 53 holds them, with the TTL; null when there is no set. */
  txtAt(zoneId: string, name: string): { ttl: number; values: string[] } | null;
  /** Answers an operation with what Route 53 may hold but the local one cannot be told to. */
  override(operation: string, output: object): void;
  /** How often an operation was asked. */
  asked(operation: string): number;
  close(): Promise<void>;
};

/** Route 53 behind its wire protocol, and its zones answering over DNS. */
export async function route53Lab(options: { insyncMs?: number } = {}): Promise<Route53Lab> {
  const cloud = await localDns(options);
  const faults = faultInjection();
  const operations = { ...cloud.dns.operations };
  const front = await startAwsFront({
    services: [serviceOf('route53', module, module.Route53Client, operations)],
    faults,
    callerOf: () => 'issue',
  });
  return {
    ...cloud,
    faults,
    solver: ({ hostedZoneId, maxAttempts = 1, pace, clock = cloud.clock, ...wire } = {}) =>
      createSolver(
        loadedSolvers,
        { type: 'route53', cnameStrategy: 'none', ...(hostedZoneId ? { hostedZoneId } : {}) },
        solverDeps({
          clock,
          ...(pace && { pace }),
          aws: clientOptions({
            region: 'us-east-1',
            endpoint: front.endpoint,
            maxAttempts,
            ...wire,
            credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          }),
        }),
      ),
    txtAt(zoneId, name) {
      const sets: module.ResourceRecordSet[] = call(cloud.dns, 'ListResourceRecordSets', {
        HostedZoneId: zoneId,
      }).ResourceRecordSets;
      const set = sets.find((each) => each.Type === 'TXT' && each.Name === `${name}.`);
      if (!set) return null;
      const values = set.ResourceRecords?.map(({ Value = '' }) => Value) ?? [];
      return { ttl: set.TTL ?? 0, values };
    },
    override(operation, output) {
      operations[operation] = () => output;
    },
    asked: (operation) => faults.calls.filter((each) => each.operation === operation).length,
    async close() {
      await front.close();
      await cloud.server.close();
    },
  };
}

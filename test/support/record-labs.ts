import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { createSolver } from '#shared/solvers/registry.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import type { SolverDeps } from '#shared/solvers/solver-plugin.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import { templateFacts } from '#shared/solvers/template/facts.ts';
import { plugin as template } from '#shared/solvers/template/plugin.ts';
import type { Clock } from '#shared/time/clock.ts';
import { aliKey, aliRefusal, startAliApi } from './dns-apis/alidns-api.ts';
import type { ApiAnswer, ApiServer } from './dns-apis/api-server.ts';
import {
  cloudflareRefusal,
  cloudflareToken,
  startCloudflareApi,
} from './dns-apis/cloudflare-api.ts';
import { dnspodRefusal, startDnspodApi, tencentKey } from './dns-apis/dnspod-api.ts';
import { type RecordStore, recordStore } from './dns-apis/record-store.ts';
import { startTemplateApi, templateRefusal, templateToken } from './dns-apis/template-api.ts';
import { loadedSolvers } from './loaded-solvers.ts';
import { solverDeps } from './solver-deps.ts';

/** What differs between the services that keep single records. */
export type RecordService = {
  readonly type: SolverConfig['type'] | 'template';
  readonly start: (store: RecordStore, clock: VirtualClock) => Promise<ApiServer>;
  readonly credentials: Readonly<Record<string, string>>;
  /** The names of its calls. */
  readonly calls: Readonly<Record<'zones' | 'records' | 'create' | 'remove', string>>;
  /** Its own words for what goes wrong. */
  readonly refusals: Readonly<
    Record<'throttled' | 'denied' | 'malformed' | 'noZone' | 'broken' | 'conflict', ApiAnswer>
  >;
  readonly zonesPerPage: number;
  readonly recordsPerPage: number;
};

export const recordServices: readonly RecordService[] = [
  {
    type: 'cloudflare',
    start: startCloudflareApi,
    credentials: { apiToken: cloudflareToken },
    calls: {
      zones: 'GET zones',
      records: 'GET dns_records',
      create: 'POST dns_records',
      remove: 'DELETE dns_records',
    },
    refusals: {
      throttled: {
        ...cloudflareRefusal(429, 971, 'Please wait and consider throttling your request speed'),
        headers: { 'retry-after': '3' },
      },
      denied: cloudflareRefusal(403, 10000, 'Authentication error'),
      // Of a token that is too short or has a character too many.
      malformed: cloudflareRefusal(400, 6003, 'Invalid request headers'),
      noZone: cloudflareRefusal(404, 7003, 'Could not route to /zones/x'),
      broken: cloudflareRefusal(502, 10013, 'Internal server error'),
      conflict: cloudflareRefusal(400, 81054, 'A CNAME record with that host already exists.'),
    },
    zonesPerPage: 50,
    recordsPerPage: 100,
  },
  {
    type: 'alidns',
    start: startAliApi,
    credentials: aliKey,
    calls: {
      zones: 'DescribeDomains',
      records: 'DescribeSubDomainRecords',
      create: 'AddDomainRecord',
      remove: 'DeleteDomainRecord',
    },
    refusals: {
      throttled: aliRefusal(400, 'Throttling.User', 'Request was denied due to user flow control.'),
      denied: aliRefusal(403, 'Forbidden.RAM', 'User not authorized to operate on the resource.'),
      malformed: aliRefusal(404, 'InvalidAccessKeyId.NotFound'),
      noZone: aliRefusal(400, 'InvalidDomainName.NoExist'),
      broken: aliRefusal(503, 'ServiceUnavailable'),
      conflict: aliRefusal(
        400,
        'DomainRecordConflict',
        'The domain record is conflict with others.',
      ),
    },
    zonesPerPage: 100,
    recordsPerPage: 100,
  },
  {
    type: 'dnspod',
    start: startDnspodApi,
    credentials: tencentKey,
    calls: {
      zones: 'DescribeDomainList',
      records: 'DescribeRecordList',
      create: 'CreateRecord',
      remove: 'DeleteRecord',
    },
    refusals: {
      throttled: dnspodRefusal('RequestLimitExceeded'),
      denied: dnspodRefusal('UnauthorizedOperation'),
      malformed: dnspodRefusal('AuthFailure.SecretIdNotFound'),
      noZone: dnspodRefusal('InvalidParameterValue.DomainNotExists'),
      broken: dnspodRefusal('InternalError'),
      conflict: dnspodRefusal('InvalidParameter.SubdomainInvalid', 'CNAME conflict'),
    },
    zonesPerPage: 500,
    recordsPerPage: 500,
  },
  {
    type: 'template',
    start: startTemplateApi,
    credentials: { token: templateToken },
    calls: {
      zones: 'ListZones',
      records: 'ListRecords',
      create: 'AddRecord',
      remove: 'RemoveRecord',
    },
    refusals: {
      throttled: templateRefusal(429, 'TooMany'),
      denied: templateRefusal(403, 'NotAllowed'),
      malformed: templateRefusal(401, 'NoToken'),
      noZone: templateRefusal(404, 'NoZone'),
      broken: templateRefusal(503, 'Broken'),
      conflict: templateRefusal(409, 'Conflict'),
    },
    zonesPerPage: 100,
    recordsPerPage: 100,
  },
];

export function recordService(type: RecordService['type']): RecordService {
  const found = recordServices.find((service) => service.type === type);
  if (!found) throw new Error(`${type} keeps no single records`);
  return found;
}

export type RecordLab = {
  readonly api: ApiServer;
  readonly store: RecordStore;
  readonly clock: VirtualClock;
  /** A process of its own. */
  solver(options?: {
    readonly secret?: object;
    readonly baseUrl?: string;
    readonly pace?: SolverDeps['pace'];
    readonly clock?: Clock;
  }): Solver;
  /** From now on the secret holds this. */
  replaceSecret(value: object): void;
  close(): Promise<void>;
};

export async function recordLab(service: RecordService): Promise<RecordLab> {
  const clock = virtualClock();
  const store = recordStore();
  const api = await service.start(store, clock);
  const secret = 'dns/keys';
  let held: object = service.credentials;
  return {
    api,
    store,
    clock,
    solver({ secret: given, baseUrl = api.baseUrl, ...more } = {}) {
      const config = { type: service.type, secret, cnameStrategy: 'none' } as const;
      const secrets = {
        get [secret]() {
          return given ?? held;
        },
      };
      const deps = solverDeps({ clock, secrets, baseUrls: { [service.type]: baseUrl }, ...more });
      // The template is in no registry.
      return config.type === 'template'
        ? template.create(
            { ...config, type: 'template' },
            { ...deps, ownPace: deps.pace('template', templateFacts.rate) },
          )
        : createSolver(loadedSolvers, config as SolverConfig, deps);
    },
    replaceSecret(value) {
      held = value;
    },
    close: api.close,
  };
}

import { normalName } from 'local-cloud/dns/names.ts';
import { createZone } from 'local-cloud/kit/local-dns.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import type { DnsClient } from '#shared/dns/dns-client.ts';
import { nodeDnsClient } from '#shared/dns/node-dns-client.ts';
import { albHttp01Solver } from '#shared/solvers/alb-http01/alb-http01.ts';
import { answerKey, challengePath, tokenOf } from '#shared/solvers/alb-http01/answering/paths.ts';
import { permanentSolver } from '#shared/solvers/alb-http01/permanent.ts';
import { solverFacts } from '#shared/solvers/facts.ts';
import { type Pace, paces } from '#shared/solvers/pace.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import type { Clock } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { fakeRules } from '#test/support/fake-rules.ts';
import { recordLab, recordService } from '#test/support/record-labs.ts';
import { route53Lab } from '#test/support/route53-lab.ts';

/** A service with the zones of an order, as certkeep and the public see it. */
export type Service = {
  readonly clock: VirtualClock;
  readonly challenge: 'dns-01' | 'http-01';
  readonly dns: DnsClient;
  /** Of a process, on the clock of its runs, beside so many others. */
  solver(clock: Clock, runs: number): Solver;
  visible(name: string, token: string): readonly string[];
  /** How often a value was written, and removed: by requests that change something. */
  changes(): { readonly written: number; readonly removed: number };
  /** How many requests write all values, where each is written once. */
  requestsFor(names: number, zones: number): number;
  left(): number;
  close(): Promise<void>;
};

export const kinds = [
  'route53',
  'cloudflare',
  'alidns',
  'dnspod',
  'temporary rules',
  'a permanent rule',
] as const;

export function startService(
  kind: (typeof kinds)[number],
  zones: readonly string[],
): Promise<Service> {
  switch (kind) {
    case 'route53':
      return route53Service(zones);
    case 'temporary rules':
    case 'a permanent rule':
      return listenerService(kind === 'a permanent rule');
    default:
      return recordsService(kind, zones);
  }
}

const challengeAt = (name: string) => `_acme-challenge.${name}`;

async function route53Service(zones: readonly string[]): Promise<Service> {
  const lab = await route53Lab({ insyncMs: 20_000 });
  for (const zone of zones) createZone(lab.dns, zone);
  const valuesOf = (name: string) =>
    lab.dns
      .publicZones()
      .flatMap(
        ({ records }) => records.get(normalName(challengeAt(name)))?.get('TXT')?.values ?? [],
      )
      .map((value) => value.replaceAll('"', ''));
  const changesWith = (action: string) =>
    lab.faults.calls.filter(
      ({ operation, input }) =>
        operation === 'ChangeResourceRecordSets' && JSON.stringify(input).includes(action),
    ).length;
  return {
    clock: lab.clock,
    challenge: 'dns-01',
    dns: nodeDnsClient({ resolver: lab.server.address }),
    solver: (clock, runs) => lab.solver({ clock, pace: paces(clock, runs) }),
    visible: valuesOf,
    changes: () => ({ written: changesWith('"CREATE"'), removed: changesWith('"DELETE"') }),
    // One atomic batch a zone.
    requestsFor: (_, count) => count,
    left: () =>
      lab.dns
        .publicZones()
        .flatMap(({ records }) => [...records.values()])
        .filter((sets) => sets.has('TXT')).length,
    close: lab.close,
  };
}

async function recordsService(
  kind: 'cloudflare' | 'alidns' | 'dnspod',
  zones: readonly string[],
): Promise<Service> {
  const service = recordService(kind);
  const { api, clock, close, solver, store } = await recordLab(service);
  for (const zone of zones) store.addZone(zone);
  const count = (call: string) => api.calls.filter((each) => each === call).length;
  const dns: DnsClient = {
    nameServers: async (name) => answered(store.zoneNamed(name)?.nameServers ?? []),
    addresses: async () => answered(['192.0.2.1']),
    cname: async () => answered([]),
    caa: async () => answered([]),
    txtAt: async (_, name) => answered(bare(store.txtAt(name))),
  };
  return {
    clock,
    challenge: 'dns-01',
    dns,
    solver: (ofRuns, runs) => solver({ clock: ofRuns, pace: paces(ofRuns, runs) }),
    visible: (name) => bare(store.txtAt(challengeAt(name))),
    changes: () => ({
      written: count(service.calls.create),
      removed: count(service.calls.remove),
    }),
    requestsFor: (names) => names,
    left: () => store.zones.flatMap(({ records }) => records).length,
    close,
  };
}

function bare(values: readonly string[]): readonly string[] {
  return values.map((value) => value.replaceAll('"', ''));
}

function answered<T>(records: readonly T[]) {
  return { answered: true as const, records };
}

async function listenerService(isPermanent: boolean): Promise<Service> {
  const clock = virtualClock();
  const { client, counts, held } = fakeRules();
  const objects = fakeObjectStore();
  const puts = { written: 0, removed: 0 };
  const answers = {
    get: objects.get,
    async putIf(...given: Parameters<typeof objects.putIf>) {
      puts.written += 1;
      return objects.putIf(...given);
    },
    async remove(...given: Parameters<typeof objects.remove>) {
      puts.removed += 1;
      return objects.remove(...given);
    },
  };
  const bodyAt = (path: string, host: string) => {
    const token = path.slice(challengePath.length);
    if (isPermanent) return objects.objects.get(answerKey(token, host)) ?? null;
    return [...held.values()].find(({ rule }) => rule.paths.includes(path))?.rule.body ?? null;
  };
  const get = async ({ path, host }: { readonly path: string; readonly host: string }) => {
    const body = bodyAt(path, host);
    return { status: body === null ? 404 : 200, body: body ?? '' };
  };
  return {
    clock,
    challenge: 'http-01',
    dns: {
      nameServers: async () => answered([]),
      addresses: async () => answered(['192.0.2.1', '192.0.2.2']),
      cname: async () => answered([]),
      caa: async () => answered([]),
      txtAt: async () => answered([]),
    },
    solver(ofRuns, runs) {
      const pace = paces(ofRuns, runs)('listener', solverFacts({ type: 'alb-http01' }).rate);
      const shared = { listener: 'listener', get, clock: ofRuns };
      const paced = pacedRules(client, pace);
      return isPermanent
        ? permanentSolver({ ...shared, client: paced, objects: answers })
        : albHttp01Solver({ ...shared, client: paced, installation: 'certkeep' });
    },
    visible: (name, token) => [bodyAt(`${challengePath}${tokenOf(token)}`, name) ?? ''],
    changes: () => (isPermanent ? puts : { written: counts.made, removed: counts.removed }),
    requestsFor: (names) => names,
    left: () => held.size + objects.objects.size,
    close: async () => undefined,
  };
}

/** Each of the client's calls is one request at least. */
function pacedRules(
  client: ReturnType<typeof fakeRules>['client'],
  pace: Pace,
): ReturnType<typeof fakeRules>['client'] {
  const after =
    <Given extends unknown[], T>(call: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      await pace();
      return call(...given);
    };
  return {
    listener: after(client.listener),
    rules: after(client.rules),
    tagged: after(client.tagged),
    create: after(client.create),
    remove: after(client.remove),
  };
}

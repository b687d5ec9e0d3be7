import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type { Acquisition } from '#shared/acquire/acquisition.ts';
import { runPreflight } from '#shared/acquire/challenges/preflight.ts';
import type { CaaRecord } from '#shared/dns/dns-client.ts';
import { namedDirectories } from '#shared/issuers/acme/directories.ts';
import type { AboutIssuer } from '#shared/issuers/issuer.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import type { ChosenSolver } from '#shared/solvers/solvers.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { type FakeDns, type FakeRecords, fakeDns } from '#test/support/fake-dns.ts';
import { fakeSolver } from '#test/support/fake-solver.ts';

const names = ['example.com', '*.example.com', 'www.example.net'];
const ours = ['ns1.dns.test'];
const healthy: Readonly<Record<string, FakeRecords>> = {
  'example.com': { NS: ours },
  'example.net': { NS: ours },
};
const served: Readonly<Record<string, FakeRecords>> = {
  ...healthy,
  'example.com': { NS: ours, A: ['192.0.2.1'] },
  '*.example.com': { A: ['192.0.2.1'] },
  'www.example.net': { CNAME: 'example.com' },
};
const forbidding: readonly CaaRecord[] = [{ flags: 0, tag: 'issue', value: 'other.example' }];

type Setup = {
  readonly dns?: FakeDns;
  readonly about?: Partial<AboutIssuer>;
  readonly failures?: number;
  readonly solver?: Partial<Solver>;
  readonly chosen?: Partial<ChosenSolver>;
  readonly directory?: string;
};

async function check(setup: Setup = {}) {
  const clock = virtualClock();
  const warnings: string[] = [];
  const about = {
    caaIdentities: ['ca.example'],
    accountUrl: 'https://ca.example/acct/1',
    ...setup.about,
  };
  const solver = {
    ...fakeSolver('example.com', 'example.net'),
    nameServers: async () => ours,
    ...setup.solver,
  };
  const chosen = { key: 'fake', solver, challenge: 'dns-01', cnameStrategy: 'none' } as const;
  const acquisition = {
    certificate: { id: 'shop' },
    dns: setup.dns ?? fakeDns(healthy),
    failures: setup.failures ?? 0,
    issuerConfig: { directory: setup.directory ?? 'https://ca.example/directory' },
    issuer: { about: async () => about },
    clock,
    waitUntil: addMs(clock.now(), minuteMs),
    mine: heldRecord(async () => undefined as never),
    log: { info() {}, warn: (message: string) => void warnings.push(message), error() {} },
    solvers: { forName: () => ({ ...chosen, ...setup.chosen }), byKey: () => null },
  } as unknown as Acquisition;
  await runPreflight(acquisition, { id: 'a', names } as unknown as Attempt);
  return warnings;
}

test('if nothing is wrong, it reports nothing', async () => {
  expect(await check()).toEqual([]);
});

test('everything that is wrong is told at once', async () => {
  const dns = fakeDns({
    'example.com': { NS: ours, CAA: forbidding },
    'example.net': { NS: ['ns1.other.test'] },
    'ns1.other.test': { A: ['192.0.2.9'] },
    'ns1.dns.test': { A: ['192.0.2.1'] },
  });
  const error = await check({ dns }).catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'CaaForbids', retryable: false });
  expect(error.message.split('; ')).toEqual([
    expect.stringMatching(/^example\.com: CAA at example\.com/),
    expect.stringMatching(/^\*\.example\.com: CAA at example\.com/),
    expect.stringMatching(/^example\.net is delegated to ns1\.other\.test/),
  ]);
});

test('a CA that does not say what it is called is not looked for in CAA records', async () => {
  const dns = fakeDns({ ...healthy, 'example.com': { NS: ours, CAA: forbidding } });
  expect(await check({ dns, about: { caaIdentities: [] } })).toEqual([]);
});

test('for a wildcard it checks whether wildcards may be issued', async () => {
  const plain: CaaRecord = { flags: 0, tag: 'issue', value: 'ca.example' };
  const none: CaaRecord = { flags: 0, tag: 'issuewild', value: ';' };
  const dns = fakeDns({ ...healthy, 'example.com': { NS: ours, CAA: [plain, none] } });
  const error = await check({ dns }).catch((thrown) => thrown);
  expect(error.message).toMatch(/^\*\.example\.com: [^;]+issuewild ";": [^;]+wildcards$/);
});

test('the way of validation is that of the solver', async () => {
  const only = [{ flags: 0, tag: 'issue', value: 'ca.example; validationmethods=http-01' }];
  const dns = fakeDns({ ...healthy, 'example.com': { NS: ours, CAA: only } });
  const directory = namedDirectories.letsencrypt.url;
  await expect(check({ dns, directory })).rejects.toMatchObject({ name: 'CaaForbids' });
  const http = fakeDns({ ...served, 'example.com': { ...served['example.com'], CAA: only } });
  expect(await check({ dns: http, chosen: { challenge: 'http-01' } })).toEqual([]);
});

test('for a zone that public DNS does not know, only a private CA is asked, which may see it', async () => {
  const dns = () => fakeDns({ 'example.net': { NS: ours } });
  expect(await check({ dns: dns() })).toEqual(['the CA is asked although it is likely to refuse']);
  const directory = namedDirectories.letsencrypt.url;
  await expect(check({ dns: dns(), directory })).rejects.toMatchObject({
    name: 'ZoneNotDelegated',
    message: expect.stringContaining('public DNS knows no zone'),
  });
});

test('a problem that only some CAs would refuse is reported, and the CA is asked', async () => {
  const only = [{ flags: 0, tag: 'issue', value: 'ca.example; validationmethods=http-01' }];
  const dns = fakeDns({ ...healthy, 'example.com': { NS: ours, CAA: only } });
  expect(await check({ dns })).toEqual(['the CA is asked although it is likely to refuse']);
});

test('a name that is asked over HTTP has an address, wherever it leads', async () => {
  const chosen = { challenge: 'http-01' } as const;
  expect(await check({ dns: fakeDns(served), chosen })).toEqual([]);
  const dns = fakeDns({ ...served, 'www.example.net': {} });
  await expect(check({ dns, chosen })).rejects.toMatchObject({
    name: 'NameWithoutAddress',
    message: 'www.example.net has no address, so that no CA can ask it over HTTP',
  });
  dns.silence('www.example.net');
  expect(await check({ dns, chosen })).toEqual([]);
});

test('an unanswered DNS question stops nothing', async () => {
  const wrong = { NS: ['ns1.other.test'], CAA: forbidding };
  const dns = fakeDns({ ...healthy, 'example.com': wrong });
  await expect(check({ dns })).rejects.toMatchObject({ name: 'CaaForbids' });
  dns.silence('example.com');
  expect(await check({ dns })).toEqual([]);
});

test('a zone of which the service does not say enough is not judged', async () => {
  const dns = fakeDns({ 'example.com': { NS: ['ns1.other.test'] } });
  const zoneFor = async () => ({ zoneId: 'Z1', name: null });
  expect(await check({ dns, solver: { zoneFor } })).toEqual([]);
});

test.each([
  [0, false],
  [1, false],
  [2, false],
  [3, true],
  [4, false],
  [7, true],
])('after %i failures the CA is asked all the same: %s', async (failures, isAsked) => {
  const dns = fakeDns({ ...healthy, 'example.com': { NS: ours, CAA: forbidding } });
  const outcome = await check({ dns, failures }).catch((error) => error.name);
  expect(outcome).toEqual(
    isAsked ? ['the CA is asked although it is likely to refuse'] : 'CaaForbids',
  );
});

test('each question is asked once for all names', async () => {
  const dns = fakeDns(healthy);
  await check({ dns });
  expect(dns.asked.length).toBe(new Set(dns.asked).size);
});

import { beforeEach, expect, test } from 'vitest';
import type { Acquisition } from '#shared/acquire/attempt.ts';
import { newAttempt } from '#shared/acquire/attempt.ts';
import { publish } from '#shared/acquire/publish.ts';
import { addMs, minuteMs } from '#shared/clock.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { type CertificateRecord, emptyRecord, type TxtIntent } from '#shared/ledger/record.ts';
import { type FakeDns, fakeDns } from '#test/support/fake-dns.ts';
import { type FakeSolver, fakeSolver } from '#test/support/fake-solver.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';

const certificate: CertificateConfig = {
  id: 'shop',
  names: ['example.com'],
  domains: ['example.com'],
  issuers: ['ca'],
  key: 'ecdsa-p256',
  rotation: 'always',
  adopt: 'new-arn',
  targets: [],
};
const intent: TxtIntent = {
  attemptId: 'a',
  solver: 'fake',
  zoneId: 'zone-example.com',
  name: '_acme-challenge.example.com',
  value: 'ours',
};

let clock: VirtualClock;
let dns: FakeDns;
let solver: FakeSolver;
let record: CertificateRecord;
let warnings: string[];

beforeEach(() => {
  clock = virtualClock();
  dns = fakeDns({ 'example.com': { NS: ['ns1.test'] }, 'ns1.test': { A: ['192.0.2.1'] } });
  solver = fakeSolver('example.com');
  record = emptyRecord('shop', clock.now());
  warnings = [];
});

function published({ settleMs = 0, age = 0, patienceMs = 100_000 } = {}) {
  const startedAt = addMs(clock.now(), -age);
  const about = {
    reason: 'missing',
    issuer: 'ca',
    configuration: 'x',
    reuseKey: false,
    now: startedAt,
  };
  const acquisition = {
    certificate,
    clock,
    dns,
    ledger: {
      async update(_id: string, change: (before: CertificateRecord) => CertificateRecord) {
        record = change(record);
        return record;
      },
    },
    log: { info() {}, warn: (message: string) => void warnings.push(message), error() {} },
    pollMs: 4_000,
    solvers: {
      byKey: () => ({ ...solver, settleMs }),
      forName: () => {
        throw new Error('nobody asks');
      },
    },
    waitUntil: addMs(clock.now(), patienceMs),
  } as unknown as Acquisition;
  return publish(acquisition, newAttempt('a', certificate, about), [intent]);
}

const since = (start: Date) => clock.now().getTime() - start.getTime();

test('a value is published when the zone’s own servers have it', async () => {
  const start = clock.now();
  dns.servers.set('192.0.2.1', []);
  void clock.sleep(30_000).then(() => dns.servers.set('192.0.2.1', ['ours']));
  await published();
  expect(since(start)).toBeGreaterThanOrEqual(30_000);
  expect(record.txt).toEqual([intent]);
  expect(warnings).toEqual([]);
});

test('what was to be published is in the ledger when the change is refused', async () => {
  solver.refuseNext('no');
  await expect(published()).rejects.toMatchObject({ name: 'DnsChangeRefused' });
  expect(record.txt).toEqual([intent]);
  expect(solver.values()).toEqual([]);
});

test('what was intended before is intended once', async () => {
  dns.servers.set('192.0.2.1', ['ours']);
  const other = { ...intent, value: 'of another order' };
  record = { ...record, txt: [{ ...intent, attemptId: 'earlier' }, other] };
  await published();
  expect(record.txt).toEqual([other, intent]);
});

test('servers that cannot be asked are given the time that the service usually takes', async () => {
  const start = clock.now();
  await published({ settleMs: minuteMs });
  expect(since(start)).toBeGreaterThanOrEqual(minuteMs);
  expect(since(start)).toBeLessThan(2 * minuteMs);
  expect(warnings).toEqual(['the name servers of the zone cannot be asked']);
});

test('that time ends with the patience of the run', async () => {
  const start = clock.now();
  await published({ settleMs: 10 * minuteMs, patienceMs: 30_000 });
  expect(since(start)).toBeLessThanOrEqual(30_000);
});

test('a server without the value is waited for by the next run too', async () => {
  dns.servers.set('192.0.2.1', []);
  await expect(published({ age: 20 * minuteMs })).rejects.toMatchObject({
    name: 'DnsChangeTimedOut',
  });
});

test('after half an hour the CA decides', async () => {
  dns.servers.set('192.0.2.1', []);
  await published({ age: 31 * minuteMs });
  expect(warnings).toEqual(['the CA is asked before all name servers have the values']);
});

import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import type { Acquisition } from '#shared/acquire/acquisition.ts';
import { publish } from '#shared/acquire/challenges/publish.ts';
import { notesOf } from '#shared/acquire/progress.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import {
  type CertificateRecord,
  emptyRecord,
  type TxtIntent,
} from '#shared/ledger/record/record.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { type FakeDns, fakeDns } from '#test/support/fake-dns.ts';
import { type FakeSolver, fakeSolver } from '#test/support/fake-solver.ts';

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

function published({ settleMs = 0, ageMs = 0, patienceMs = 100_000 } = {}) {
  const acquisition = {
    certificate,
    attemptId: 'a',
    clock,
    dns,
    mine: heldRecord(async (change) => {
      record = change(record);
      return record;
    }),
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
  const at = addMs(clock.now(), -ageMs).toISOString();
  const known = ageMs > 0 ? { ...intent, out: { at, handle: null } } : intent;
  record = { ...record, txt: [known] };
  const notes = notesOf(acquisition);
  return publish(acquisition, [known], notes).finally(notes.flush);
}

const since = (start: Date) => clock.now().getTime() - start.getTime();

test('a value is published when the zone’s own servers have it', async () => {
  const start = clock.now();
  dns.servers.set('192.0.2.1', []);
  void clock.sleep(30_000).then(() => dns.servers.set('192.0.2.1', ['ours']));
  await published();
  expect(since(start)).toBeGreaterThanOrEqual(30_000);
  const out = { at: start.toISOString(), handle: null, seen: 'everywhere' };
  expect(record.txt).toEqual([{ ...intent, out }]);
  expect(warnings).toEqual([]);
});

test('a value of a change that was refused is not known to be out', async () => {
  solver.refuseNext('no');
  await expect(published()).rejects.toMatchObject({ name: 'DnsChangeRefused' });
  expect(record.txt).toEqual([intent]);
  expect(solver.values()).toEqual([]);
});

test('a value that is out is not written again', async () => {
  dns.servers.set('192.0.2.1', ['ours']);
  await published({ ageMs: minuteMs });
  expect(solver.values()).toEqual([]);
});

test('a change that spreads longer than the run is known to the next one by its handle', async () => {
  solver.spreadFor(100);
  await expect(published()).rejects.toMatchObject({ name: 'DnsChangeTimedOut' });
  expect(record.txt[0]?.out?.handle).toBe('change-1');
});

test('at the end of the run it begins no value', async () => {
  await expect(published({ patienceMs: 0 })).rejects.toMatchObject({ name: 'RunOutOfTime' });
  expect(solver.values()).toEqual([]);
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
  await published({ settleMs: 10 * minuteMs, patienceMs: 40_000 });
  expect(since(start)).toBeLessThanOrEqual(40_000);
});

test('a server without the value is waited for by the next run too', async () => {
  dns.servers.set('192.0.2.1', []);
  await expect(published({ ageMs: 20 * minuteMs })).rejects.toMatchObject({
    name: 'DnsChangeTimedOut',
  });
});

test('a value that is missing long after is written again, and is as old as it was', async () => {
  dns.servers.set('192.0.2.1', []);
  await expect(published({ ageMs: 20 * minuteMs })).rejects.toThrow();
  const [lost] = record.txt;
  expect(lost?.out?.seen).toBe('missing');
  expect(solver.values()).toEqual([]);
});

test('after half an hour the CA decides', async () => {
  dns.servers.set('192.0.2.1', []);
  await published({ ageMs: 31 * minuteMs });
  expect(warnings).toEqual(['the CA is asked before all name servers have the values']);
});

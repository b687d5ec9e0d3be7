import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { isHeld } from '#shared/ledger/lease.ts';
import { believable, recordTimes } from '#shared/ledger/record/believable.ts';
import { type CertificateRecord, recordSchema } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { LogFields } from '#shared/log.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { attemptOf, failureUntil, healthy, inDays, now, versionOf } from '#test/support/healthy.ts';
import { recordOfEveryField, target } from '#test/support/record-of-every-field.ts';
import { fieldsOf, isInstant } from '#test/support/schema-fields.ts';
import { silentLog } from '#test/support/silent-log.ts';

const never = '9999-12-31T23:59:59.000Z';
const at = now.toISOString();

/** What certificates, CAs and endpoints say of themselves, what is only told, and what a noun judges by itself. */
const ofOthers = [
  'versions.*.notBefore',
  'versions.*.notAfter',
  'versions.*.issuedAt',
  'versions.*.revokedAt',
  'renewalInfo.window.start',
  'renewalInfo.window.end',
  'renewalInfo.window.selected',
  'revocation.revokedAt',
  'imports.*.retired.*.use.notAfter',
  'deployments.*.previous.notAfter',
  'deployments.*.probe.served.notAfter',
  'deployments.*.servedUntil',
  'usesTold.*.since',
  'outbox.*.at',
  'history.*.at',
];

function pathsOf(times: object, path = ''): readonly string[] {
  return Object.entries(times).flatMap(([name, inner]) => {
    const here = [path, name === 'each' ? '*' : name].filter(Boolean).join('.');
    return typeof inner === 'number' ? [here] : pathsOf(inner, here);
  });
}

test('every time of a record has a longest one, or is a saying of others', () => {
  const all = fieldsOf(recordSchema).filter(({ schema }) => isInstant(schema));
  const paths = all.map(({ path }) => path.join('.'));
  expect([...pathsOf(recordTimes), ...ofOthers].sort()).toEqual([...paths].sort());
});

test('a record as certkeep writes it stays as it is', () => {
  const record = recordOfEveryField();
  expect(believable(record, now)).toEqual({ value: record, cuts: [] });
  expect(believable(record, now).value).toBe(record);
});

function forgedAt(path: readonly string[], value: string): CertificateRecord {
  const record = JSON.parse(JSON.stringify(recordOfEveryField()));
  const set = (held: Record<string, unknown>, [name = '', ...rest]: readonly string[]) => {
    const key = name === '*' ? (Object.keys(held)[0] ?? '') : name;
    if (rest.length === 0) held[key] = value;
    else set(held[key] as Record<string, unknown>, rest);
  };
  set(record as unknown as Record<string, unknown>, path);
  return record;
}

test.each(pathsOf(recordTimes))('%s in the far future is taken for now, and told', (path) => {
  const { value, cuts } = believable(forgedAt(path.split('.'), never), now);
  expect(JSON.stringify(value)).not.toContain(never);
  expect(cuts).toEqual([expect.stringContaining(`: ${never}`)]);
});

test('the longest waits that there are stay', () => {
  const longest = addMs(now, 7.7 * dayMs).toISOString();
  const record = healthy({
    acquireFailure: failureUntil(new Date(longest)),
    attempt: attemptOf({ lookAgainAt: longest }),
    leases: {
      acquire: { fence: 'f', holder: 'h', until: addMs(now, 15 * minuteMs).toISOString() },
    },
  });
  expect(believable(record, now).cuts).toEqual([]);
});

test('a lease of longer than any run is not held', () => {
  const lease = { fence: 'f', holder: 'h', until: addMs(now, hourMs).toISOString() };
  const { value } = believable(healthy({ leases: { acquire: lease } }), now);
  expect(isHeld(value.leases.acquire, now)).toBe(false);
});

test('a failure waits for no time after the end of the certificate', () => {
  const versions = [versionOf({ notAfter: inDays(2).toISOString() })];
  const record = healthy({ versions, acquireFailure: failureUntil(inDays(3)) });
  expect(believable(record, now).value.acquireFailure?.nextAttemptAt).toBe(at);
});

test.each([
  ['begins later', { issuedAt: inDays(60).toISOString() }],
  ['is valid only later', { notBefore: inDays(79).toISOString() }],
  ['begins and is valid only later', { issuedAt: never, notBefore: never }],
])('a version that %s is as old as is known', (_, change) => {
  const { value, cuts } = believable(healthy({ versions: [versionOf(change)] }), now);
  const [version] = value.versions;
  expect([version?.issuedAt, version?.notBefore].every((each) => each && each <= at)).toBe(true);
  expect(cuts).toEqual(['versions.v1: it cannot begin or end then']);
});

test('a version ends when the endpoint that serves it was seen to say so', () => {
  const { deployments } = recordOfEveryField();
  const ends = inDays(80).toISOString();
  const proven = { ...deployments[target], versionId: 'v1', state: 'proven' } as const;
  const served = { servername: 'example.com', address: '192.0.2.1', notAfter: ends };
  const probe = { ...proven.probe, outcome: 'proven', served } as never;
  const record = healthy({
    versions: [versionOf({ notAfter: never })],
    deployments: { [target]: { ...proven, probe } as never },
  });
  expect(believable(record, now).value.versions[0]?.notAfter).toBe(ends);
});

test('the ledger reads what can be, says so in one line, and writes it with the next change', async () => {
  const objects = fakeObjectStore();
  const errors: LogFields[] = [];
  const log = { ...silentLog, error: (_: string, fields: LogFields) => void errors.push(fields) };
  const ledger = s3Ledger({ objects, clock: virtualClock(), log, writer: 'issue' });
  const lease = { fence: 'f', holder: 'h', until: never };
  const leases = Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [n === 0 ? 'acquire' : `deploy:${n}`, lease]),
  );
  await objects.put('certificates/shop/record.json', JSON.stringify(healthy({ leases })), '');
  const read = await ledger.read('shop');
  expect(isHeld(read?.leases.acquire, now)).toBe(false);
  expect(errors).toMatchObject([{ certificate: 'shop', fields: 50 }]);
  expect(String(errors[0]?.reason).length).toBeLessThan(500);
  await ledger.update('shop', (record) => ({ ...record, desired: 'v2' }));
  expect(objects.objects.get('records/issue/shop.json')).not.toContain(never);
});

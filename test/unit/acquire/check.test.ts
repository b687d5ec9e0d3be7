import { expect, test } from 'vitest';
import { crossedThreshold } from '#shared/check/expiry.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { desk, thresholds } from '#test/support/check-desk.ts';
import { healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

const force = { certificates: ['shop'], force: true, reason: 'the key leaked' } as const;
const twoDaysLeft = versionOf({
  notBefore: inDays(-88).toISOString(),
  notAfter: inDays(2).toISOString(),
});

test('a force that Lambda repeats under the same id is one force', async () => {
  const { clock, holds, record, run } = desk();
  await holds(healthy());
  await run(force);
  await holds({ ...((await record()) as CertificateRecord), forced: null });
  await run(force);
  expect((await record())?.forced).toBeNull();
  clock.advance(1);
  await run(force, 'run-2');
  expect((await record())?.forced?.reason).toBe('the key leaked');
});

test('while a run holds the lease nothing is sent', async () => {
  const { holds, run, sent } = desk();
  const acquire = { fence: 'f', holder: 'h', until: addMs(now, minuteMs).toISOString() };
  await holds(healthy({ desired: null, leases: { acquire } }));
  await run();
  expect(sent).toEqual([]);
});

test('a broken queue fails the check, and keeps nobody from being told', async () => {
  const { fails, holds, published, run } = desk();
  await holds(healthy({ versions: [twoDaysLeft] }));
  fails.queue = true;
  await expect(run()).rejects.toThrow('no queue');
  expect(published).toHaveLength(1);
});

test('a bus that throttles keeps no work from being sent, and fails the check in the end', async () => {
  const { fails, holds, record, run, sent } = desk({ replicas: ['eu-west-1'] });
  await holds(healthy({ versions: [twoDaysLeft] }));
  fails.bus = true;
  await expect(run()).rejects.toThrow('no bus');
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
  expect((await record())?.outbox).toHaveLength(1);
});

test('one unreadable record keeps no other certificate from being looked at', async () => {
  const { run, sent } = desk({ certificates: [wanted({ id: 'UPPER' }), wanted()] });
  await expect(run()).rejects.toThrow("is not a certificate's id");
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
});

test('one unreadable record keeps what left the configuration from nothing, and nothing is sent twice', async () => {
  const { holds, run, sent } = desk({ certificates: [wanted({ id: 'UPPER' })] });
  const txt = [{ attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' }];
  await holds(healthy({ txt }));
  // Lambda repeats a run that fails twice.
  for (let tries = 0; tries < 3; tries += 1) await expect(run()).rejects.toThrow();
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
});

test('a certificate that cannot be compared is judged by its record, and fails the check in the end', async () => {
  const { fails, holds, published, run, sent } = desk();
  await holds(healthy({ versions: [twoDaysLeft] }));
  fails.certificates = true;
  await expect(run()).rejects.toThrow('no certificates');
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
  expect(published).toHaveLength(1);
});

test('if the certificate contradicts the record, issue is sent for it, whatever the record asks for', async () => {
  const { certificate, holds, objects, run, sent } = desk();
  await holds(healthy());
  await run();
  expect(sent).toEqual([]);
  // Its turn to be read has come.
  await objects.remove('observations/check.json');
  certificate.says = { serial: '0A' };
  expect(await run({}, 'run-2')).toMatchObject([
    { action: 'look', reason: 'the record contradicts the certificate' },
  ]);
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
});

test('an end is told as the certificate says it, and not the record', async () => {
  const { certificate, holds, published, run } = desk();
  await holds(healthy({ versions: [versionOf({ notAfter: inDays(400).toISOString() })] }));
  certificate.says = { notAfter: twoDaysLeft.notAfter };
  await run();
  expect(published).toMatchObject([{ type: 'expiring', severity: 'critical' }]);
  expect(published[0]?.summary).toContain('in 2 days');
});

test('without a listing all is checked but what has left the configuration, and the check fails', async () => {
  const { fails, holds, run, sent, whole } = desk();
  await holds(healthy({ versions: [twoDaysLeft] }));
  const left = { attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' };
  await whole.update('left', () => healthy({ id: 'left', txt: [left] }));
  fails.listing = true;
  await expect(run()).rejects.toThrow('no listing');
  expect(sent).toEqual([{ kind: 'issue', certificate: 'shop' }]);
  fails.listing = false;
  await run({}, 'run-2');
  expect(sent).toContainEqual({ kind: 'issue', certificate: 'left' });
});

test('an expiry is told once, and events not sent are sent again', async () => {
  const { fails, holds, published, run } = desk();
  await holds(healthy({ versions: [twoDaysLeft] }));
  fails.bus = true;
  await expect(run()).rejects.toThrow('no bus');
  fails.bus = false;
  await run();
  await run();
  expect(published.map(({ id }) => id)).toEqual(['shop-expiring-v1-3']);
});

test('a region that joins, or is behind, does not tell people again of what was issued long ago', async () => {
  const { holds, published, run } = desk({ replicas: ['eu-west-1'] });
  await holds(healthy());
  await run();
  expect(published).toEqual([]);
});

test.each([
  ['nothing is told before the renewal is due', 90, 40, null],
  ['a threshold at its day is crossed', 90, 21, 21],
  ['days without a run lose nothing', 90, 5, 7],
  ['a threshold before the renewal is due says nothing: 45 days', 45, 15, null],
  ['the next one does', 45, 14, 14],
  ['nor does it with 160 hours', 6, 3, null],
  ['but the last day does', 6, 1, 1],
  ['the end is told whatever the thresholds', 90, 0, 0],
  ['and long after', 90, -9, 0],
])('%s', (_, lifetime, left, days) => {
  const version = versionOf({
    notBefore: inDays(left - lifetime).toISOString(),
    notAfter: inDays(left).toISOString(),
  });
  const record = healthy({ versions: [version] });
  expect(crossedThreshold(record, wanted(), thresholds, now)?.days ?? null).toBe(days);
});

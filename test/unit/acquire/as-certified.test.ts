import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { hashOf, randomOf } from 'local-cloud/kit/determinism.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeAll, expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { certifiedRecord, isComparedAt, putRight } from '#shared/acquire/store/as-certified.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import type { Change } from '#shared/ledger/lease.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy, now, versionOf } from '#test/support/healthy.ts';

let certificatePem: string;
let certified: Version;
beforeAll(async () => {
  const made = await makeCertificate({ crlUrl: 'http://crl.example/1.crl' });
  certificatePem = made.certificatePem;
  certified = describeVersion(certificatePem, versionOf());
});

/** The record as check believes it, and as issue puts it right, with this in the place of its certificate. */
async function compared(record: CertificateRecord, stored: string | null = certificatePem) {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = wholeLedger({ objects, clock });
  const own = s3Ledger({ objects, clock, writer: 'issue' });
  const errors: string[] = [];
  const error = (message: string, { reason }: { readonly reason?: string }) =>
    void errors.push(`${message}: ${reason}`);
  const log = { info() {}, warn() {}, error };
  if (stored !== null) await objects.put(publicPartKeys('shop', 'v1').certificate, stored, '');
  await ledger.update('shop', () => record);
  const held = (await ledger.read('shop')) as CertificateRecord;
  const returned = await certifiedRecord({ objects, log }, held);
  expect(await ledger.read('shop')).toEqual(held);
  const mine = { update: (change: Change) => own.update('shop', change) };
  await putRight({ mine, objects, log: { ...log, error() {} } }, held);
  return { errors, held, returned, written: await ledger.read('shop') };
}

test('a record that says what the certificate says is left as it is', async () => {
  const { errors, held, returned } = await compared(healthy({ versions: [certified] }));
  expect(returned).toBe(held);
  expect(errors).toEqual([]);
});

test.each([
  ['notAfter', '9999-12-31T23:59:59.000Z'],
  ['notBefore', '2001-01-01T00:00:00.000Z'],
  ['serial', '0A'],
  ['fingerprintSha256', '00'.repeat(32)],
  ['renewalId', 'a.b'],
  ['crlUrl', 'http://10.0.0.1/admin'],
] as const)(
  'another %s than that of the certificate is an error line and is put right',
  async (field, value) => {
    const older = versionOf({ id: 'v0' });
    const forged = { ...certified, [field]: value };
    const { errors, returned, written } = await compared(healthy({ versions: [older, forged] }));
    expect(errors).toEqual([
      `the record contradicts the certificate, which is believed: ${field} was ${value}`,
    ]);
    expect(returned.versions).toEqual([older, certified]);
    expect(written?.versions).toEqual([older, certified]);
  },
);

test('fields that an earlier release did not keep are added silently', async () => {
  const { renewalId: _, crlUrl: __, ...bare } = certified;
  const { errors, written } = await compared(healthy({ versions: [bare] }));
  expect(written?.versions).toEqual([certified]);
  expect(errors).toEqual([]);
});

test.each([
  ['is not stored', null],
  ['cannot be read', 'nothing'],
])('a version whose certificate %s is none', async (_, stored) => {
  const older = versionOf({ id: 'v0' });
  const { errors, written } = await compared(healthy({ versions: [older, certified] }), stored);
  expect(written).toMatchObject({ desired: null, versions: [older] });
  expect(errors).toHaveLength(1);
});

test('a version whose id is none of ours has no certificate, and none is asked for', async () => {
  const forged = { ...certified, id: 'x'.repeat(2_000) };
  const { errors, written } = await compared(healthy({ desired: forged.id, versions: [forged] }));
  expect(written).toMatchObject({ desired: null, versions: [] });
  expect(errors).toHaveLength(1);
});

test('every certificate has its turn in every day, whenever check comes, and not many have it at once', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `c${index}`);
  const random = randomOf(hashOf('turns'));
  const turns = new Map<string, number>();
  let most = 0;
  for (let at = now; at < addMs(now, dayMs); at = addMs(at, (5 + 10 * random()) * minuteMs)) {
    const having = ids.filter((id) => isComparedAt(id, at));
    most = Math.max(most, having.length);
    for (const id of having) turns.set(id, (turns.get(id) ?? 0) + 1);
  }
  expect(ids.filter((id) => (turns.get(id) ?? 0) < 1)).toEqual([]);
  expect(Math.max(...turns.values())).toBeLessThanOrEqual(4);
  expect(most).toBeLessThan(40);
});

import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeAll, expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { noRecalls, s3Recalls } from '#shared/acquire/advice/recalls.ts';
import { lookAlone } from '#shared/acquire/look-alone.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import type { RenewalInfo } from '#shared/issuers/issuer.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { addMs, dayMs, hourMs, secondMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { configWith, healthy, versionOf, wanted } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

let certificatePem: string;
let version: Version;
beforeAll(async () => {
  ({ certificatePem } = await makeCertificate());
  const { directory } = configWith().issuers.local ?? {};
  const origin = { directory: directory ?? '', account: 'a', profile: null, staging: false };
  version = { ...describeVersion(certificatePem, versionOf()), origin };
});

/** A healthy certificate whose CA answers after a second, each time with a window a day later. */
async function desk(change: Partial<CertificateRecord> = {}) {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  await objects.put(publicPartKeys('shop', 'v1').certificate, certificatePem, '');
  const record = healthy({ versions: [version], ...change });
  await wholeLedger({ objects, clock }).update('shop', () => record);
  let asked = 0;
  const given = {
    clock,
    ledger,
    asked: () => asked,
    /** What else happens while the CA is asked. */
    meanwhile: async (): Promise<void> => undefined,
    run: () => lookAlone(ports, wanted()),
  };
  const ports = {
    ...{ clock, ledger, objects, log: silentLog },
    ...{ recallBook: s3Recalls(objects), recalls: noRecalls },
    config: configWith(),
    revocations: () => Promise.reject(new Error('no list is named')),
    random: () => 0,
    issuerOf: () => ({
      async renewalInfo(): Promise<RenewalInfo> {
        asked += 1;
        const start = addMs(new Date(version.notAfter), (asked - 20) * dayMs);
        const [end, retryAfter] = [addMs(start, dayMs), addMs(clock.now(), 6 * hourMs)];
        await clock.sleep(secondMs);
        await given.meanwhile();
        return { start, end, retryAfter, explanationUrl: null };
      },
    }),
  };
  return given;
}

const windowOf = (record: CertificateRecord | null) => record?.renewalInfo?.window?.start;

test('an answer that changes nothing is written, and nothing else is left to do', async () => {
  const at = await desk();
  expect(await at.run()).toBe(true);
  expect(at.asked()).toBe(1);
  const record = await at.ledger.read('shop');
  expect(record?.renewalInfo?.askedAt).toBe(at.clock.now().toISOString());
  expect(record?.leases).toEqual({});
});

test('an older answer that comes late does not replace a newer one', async () => {
  const at = await desk();
  at.meanwhile = async () => {
    at.meanwhile = async () => undefined;
    expect(await at.run()).toBe(true);
  };
  await at.run();
  expect(at.asked()).toBe(2);
  const newer = addMs(new Date(version.notAfter), -18 * dayMs);
  expect(windowOf(await at.ledger.read('shop'))).toBe(newer.toISOString());
});

const lease = { fence: 'f', holder: 'another run', until: '2026-11-22T03:01:00.000Z' };
const intent = {
  ...{ attemptId: 'a0', solver: 'route53', zoneId: 'Z1' },
  ...{ name: '_acme-challenge.example.com', value: 'v' },
};

test.each<[string, () => Partial<CertificateRecord>]>([
  ['a value is left in DNS', () => ({ txt: [intent] })],
  ['another run holds the lease', () => ({ leases: { acquire: lease } })],
  ['the record contradicts the certificate', () => ({ versions: [{ ...version, serial: '0B' }] })],
])('it is left to a run with the lease where %s', async (_, change) => {
  const at = await desk(change());
  expect(await at.run()).toBe(false);
  expect(at.asked()).toBe(0);
});

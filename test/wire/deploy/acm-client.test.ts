import type { OutsideCall } from 'local-cloud/faults.ts';
import {
  importInput,
  type MadeCertificate,
  makeCertificate,
} from 'local-cloud/kit/certificates.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CertificateManager, ImportRequest } from '#shared/deploy/import/acm.ts';
import { awsCertificateManager } from '#shared/deploy/import/acm-client.ts';
import { s3ImportLane } from '#shared/deploy/import/import-lane.ts';
import { placeKey } from '#shared/place.ts';
import { Secret } from '#shared/secret.ts';
import { secondMs } from '#shared/time/clock.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { whenIdle } from '#test/faults/idle.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { type FakeObjectStore, fakeObjectStore } from '#test/support/fake-object-store.ts';
import { silentLog } from '#test/support/silent-log.ts';

let lab: DeployLab;
let manager: CertificateManager;
let objects: FakeObjectStore;

async function start(limits?: Parameters<typeof deployLab>[0]): Promise<void> {
  lab = await deployLab(limits);
  objects = fakeObjectStore();
  manager = managerOf();
}

/** One of a container of its own; all share the lane of the place. */
function managerOf(): CertificateManager {
  const { clock } = lab;
  const lane = s3ImportLane({ objects, clock, log: silentLog }, placeKey(home));
  return awsCertificateManager({ options: lab.clientOptions(), clock, lane });
}
beforeEach(() => start());
afterEach(() => lab.close());

const names = ['shop.example.com'];
const installation = 'certkeep';
const ownTags = {
  'certkeep:certificate': 'shop',
  'certkeep:attempt': 'v1',
  'certkeep:managed': installation,
};

function wantedOf({ certificatePem, notAfter }: MadeCertificate) {
  const { serial, fingerprintSha256 } = readCertificate(certificatePem);
  return { serial, fingerprintSha256, names, notAfter, installation, certificate: 'shop' };
}

function request(made: MadeCertificate, arn: string | null = null): ImportRequest {
  const { certificatePem, chainPem, keyPem } = made;
  const tags = ownTags;
  return { arn, certificatePem, chainPem, keyPem: new Secret(keyPem), tags };
}

async function imported(made: MadeCertificate, arn: string | null = null): Promise<string> {
  const result = await manager.import(request(made, arn));
  if (result.outcome !== 'imported') throw new Error(result.detail);
  return result.arn;
}

function importCalls(): number {
  return lab.faults.calls.filter(({ operation }) => operation === 'ImportCertificate').length;
}

test('an imported certificate is described in the words of the record', async () => {
  const made = await makeCertificate();
  const arn = await imported(made);
  expect(await manager.describe(arn)).toEqual({
    arn,
    serial: made.serial,
    fingerprintSha256: null,
    names,
    keyAlgorithm: 'ecdsa-p256',
    keyFamily: 'ecdsa',
    keyBits: 256,
    hashBits: 256,
    notBefore: made.notBefore,
    notAfter: made.notAfter,
    imported: true,
    hasKeyUsage: true,
    hasExtendedKeyUsage: true,
    inUseBy: [],
  });
  expect(await manager.tagsOf(arn)).toEqual(ownTags);
});

test('the fingerprint is asked only where the serial may be ours', async () => {
  const made = await makeCertificate();
  const arn = await imported(made);
  const { fingerprintSha256, serial } = wantedOf(made);
  const ours = [{ serial, fingerprintSha256: 'of ours' }];
  expect(await manager.describe(arn, ours)).toMatchObject({ serial, fingerprintSha256 });
  const others = [{ serial: 'AB', fingerprintSha256 }];
  expect(await manager.describe(arn, others)).toMatchObject({ fingerprintSha256: null });
  const asked = lab.faults.calls.filter(({ operation }) => operation === 'GetCertificate');
  expect(asked).toHaveLength(1);
});

test('a certificate that only has our serial is not found, whatever its tags, and is named', async () => {
  const made = await makeCertificate();
  const alike = await makeCertificate({ serial: made.serial, notAfter: made.notAfter });
  const planted = await imported(alike);
  await lab.clock.sleep(5 * secondMs);
  expect(await manager.find(wantedOf(made))).toEqual({ held: null, lookAlikes: [planted] });
  const arn = await imported(made);
  await lab.clock.sleep(5 * secondMs);
  const found = await manager.find(wantedOf(made));
  expect(found).toMatchObject({ held: { arn }, lookAlikes: [planted] });
});

test('a certificate that ACM has not issued yet has no fingerprint', async () => {
  const made = await makeCertificate();
  const arn = lab.certificates.requested(home, importInput(made));
  expect(await manager.describe(arn, [wantedOf(made)])).toMatchObject({ serial: null });
  expect(await manager.fingerprintAt(arn)).toBeNull();
});

test('a re-import keeps the ARN', async () => {
  const arn = await imported(await makeCertificate());
  const made = await makeCertificate();
  expect(await imported(made, arn)).toBe(arn);
  expect((await manager.describe(arn))?.serial).toBe(made.serial);
});

test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-4096'] as const)(
  'a certificate with a key of %s is found by its fingerprint and our tags',
  async (key) => {
    const made = await makeCertificate({ key });
    await imported(await makeCertificate({ key, notAfter: made.notAfter }));
    const arn = await imported(made);
    await lab.clock.sleep(5 * secondMs);
    const wanted = wantedOf(made);
    const { serial, fingerprintSha256 } = wanted;
    const held = { arn, serial, fingerprintSha256 };
    expect(await manager.find(wanted)).toMatchObject({ held, lookAlikes: [] });
    for (const other of [{ installation: 'another' }, { certificate: 'blog' }]) {
      expect(await manager.find({ ...wanted, ...other })).toEqual({ held: null, lookAlikes: [] });
    }
  },
);

test('a missing certificate is null, everywhere', async () => {
  const arn = 'arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000';
  expect(await manager.describe(arn)).toBeNull();
  expect(await manager.fingerprintAt(arn)).toBeNull();
  expect(await manager.find(wantedOf(await makeCertificate()))).toEqual({
    held: null,
    lookAlikes: [],
  });
  expect(await manager.delete(arn)).toBe('deleted');
});

test('a key type that may not change asks for a new ARN', async () => {
  const arn = await imported(await makeCertificate());
  const result = await manager.import(request(await makeCertificate({ key: 'rsa-2048' }), arn));
  expect(result).toMatchObject({ outcome: 'new-arn-needed' });
});

test('a certificate without usages is described as such', async () => {
  const arn = await imported(await makeCertificate({ keyUsages: [], extendedKeyUsages: [] }));
  expect(await manager.describe(arn)).toMatchObject({
    hasKeyUsage: false,
    hasExtendedKeyUsage: false,
  });
});

test('any validation error of a re-import asks for a new ARN', async () => {
  const arn = await imported(await makeCertificate());
  lab.faults.add({
    when: ({ operation }) => operation === 'ImportCertificate',
    fault: { do: 'refuse', code: 'ValidationException', status: 400 },
  });
  const result = await manager.import(request(await makeCertificate(), arn));
  expect(result).toMatchObject({ outcome: 'new-arn-needed' });
});

test('a tag goes where it has the value given, and only there', async () => {
  const arn = await imported(await makeCertificate());
  await manager.removeTag(arn, 'certkeep:managed', 'another');
  expect(await manager.tagsOf(arn)).toHaveProperty(['certkeep:managed']);
  await manager.removeTag(arn, 'certkeep:managed', installation);
  expect(await manager.tagsOf(arn)).not.toHaveProperty(['certkeep:managed']);
});

test('a lost key usage asks for a new ARN', async () => {
  const arn = await imported(
    await makeCertificate({ keyUsages: ['digitalSignature', 'keyAgreement'] }),
  );
  const result = await manager.import(request(await makeCertificate(), arn));
  expect(result).toMatchObject({ outcome: 'new-arn-needed' });
});

test('a refusal of ACM is an ImportRefused with its reason', async () => {
  const made = { ...(await makeCertificate()), keyPem: (await makeCertificate()).keyPem };
  await expect(manager.import(request(made))).rejects.toMatchObject({
    name: 'ImportRefused',
    message: expect.stringContaining('private key does not match'),
  });
});

test('a quota is said at once and not tried again', async () => {
  await lab.close();
  await start({ limits: { importsPerSecond: Number.POSITIVE_INFINITY, importedCertificates: 0 } });
  await expect(manager.import(request(await makeCertificate()))).rejects.toMatchObject({
    name: 'ImportQuotaReached',
  });
  expect(importCalls()).toBe(1);
});

test('imports of several runs are paced to one a second, and none is throttled', async () => {
  await lab.close();
  // Time stands still while a request is under way.
  await start({ limits: { importsPerSecond: 1 }, clock: virtualClock(undefined, whenIdle) });
  const startedAt = lab.clock.now().getTime();
  const made = await Promise.all([1, 2, 3].map(() => makeCertificate()));
  await Promise.all(made.map((each) => managerOf().import(request(each))));
  expect(importCalls()).toBe(3);
  expect(lab.clock.now().getTime() - startedAt).toBeGreaterThanOrEqual(2 * secondMs);
});

test('a throttled call is tried again', async () => {
  const isImport = ({ operation }: { operation: string }) => operation === 'ImportCertificate';
  lab.faults.add({ when: isImport, fault: { do: 'throttle' }, times: 5 });
  await imported(await makeCertificate());
  expect(importCalls()).toBe(6);
});

test('a call that stays throttled is reported as such in the end', async () => {
  const isImport = ({ operation }: { operation: string }) => operation === 'ImportCertificate';
  lab.faults.add({ when: isImport, fault: { do: 'throttle' }, times: 99 });
  await expect(manager.import(request(await makeCertificate()))).rejects.toMatchObject({
    name: 'ServiceThrottled',
    message: expect.stringContaining('ACM: ImportCertificate of a new certificate'),
  });
  expect(importCalls()).toBe(8);
});

test('an import whose answer is lost is thrown, never repeated', async () => {
  lab.faults.add({
    when: ({ operation }) => operation === 'ImportCertificate',
    fault: { do: 'lose-answer' },
  });
  await expect(manager.import(request(await makeCertificate()))).rejects.toMatchObject({
    name: 'ServiceFailed',
  });
  expect(lab.certificates.certificates()).toHaveLength(1);
});

const denial = { do: 'refuse', code: 'AccessDeniedException', status: 400 } as const;

test('a certificate that is gone after a lost answer counts as deleted, although nobody may delete it any more', async () => {
  const arn = await imported(await makeCertificate());
  lab.faults.add({ when: isDeletion, fault: { do: 'lose-answer' } });
  lab.faults.add({ when: isDeletion, fault: denial });
  expect(await manager.delete(arn)).toBe('deleted');
  expect(await manager.describe(arn)).toBeNull();
});

test('an existing certificate that nobody may delete is reported', async () => {
  const arn = await imported(await makeCertificate());
  lab.faults.add({ when: isDeletion, fault: denial });
  await expect(manager.delete(arn)).rejects.toMatchObject({
    name: 'ServiceDenied',
    message: expect.stringContaining(`ACM: DeleteCertificate ${arn}: AccessDeniedException`),
  });
});

test('a tag that is gone, by a try whose answer was lost, is removed though nobody may remove it any more', async () => {
  const arn = await imported(await makeCertificate());
  const isRemoval = ({ operation }: OutsideCall) => operation === 'RemoveTagsFromCertificate';
  lab.faults.add({ when: isRemoval, fault: denial });
  const removed = () => manager.removeTag(arn, 'certkeep:managed', installation);
  await expect(removed()).rejects.toMatchObject({ name: 'ServiceDenied' });
  lab.faults.add({ when: isRemoval, fault: { do: 'lose-answer' } });
  lab.faults.add({ when: isRemoval, fault: denial });
  await removed();
  expect((await manager.tagsOf(arn))['certkeep:managed']).toBeUndefined();
});

function isDeletion({ operation }: OutsideCall): boolean {
  return operation === 'DeleteCertificate';
}

test('a certificate in use is not deleted', async () => {
  const arn = await imported(await makeCertificate());
  await lab.clock.sleep(10 * secondMs);
  await lab.createAlb('shop', arn);
  await lab.clock.sleep(10 * secondMs);
  expect((await manager.describe(arn))?.inUseBy).toHaveLength(1);
  expect(await manager.delete(arn)).toBe('in-use');
});

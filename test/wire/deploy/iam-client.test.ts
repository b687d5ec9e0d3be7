import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CertificateManager } from '#shared/deploy/import/acm.ts';
import { iamServerCertificates } from '#shared/deploy/import/iam/iam-client.ts';
import { Secret } from '#shared/secret.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const place = { account: homeAccount, region: 'us-east-1' };
const tags = {
  'certkeep:certificate': 'shop',
  'certkeep:attempt': 'v1',
  'certkeep:managed': 'certkeep',
};

let clock: VirtualClock;
let cloud: Cloud;
let iam: CertificateManager;

beforeEach(async () => {
  clock = virtualClock();
  cloud = await startCloud({ clock, consistency: usualConsistency });
  const options = localClientOptions(cloud, {});
  iam = iamServerCertificates({ options, clock, installation: 'certkeep', place });
});
afterEach(() => cloud.close());

async function version(key: 'ecdsa-p256' | 'rsa-4096' = 'ecdsa-p256') {
  const made = await makeCertificate({ key, now: clock.now() });
  const facts = readCertificate(made.certificatePem);
  const request = { ...made, keyPem: new Secret(made.keyPem), arn: null, tags };
  const wanted = { ...facts, installation: 'certkeep', certificate: 'shop' };
  return { facts, request, wanted };
}

async function uploaded(request: Parameters<CertificateManager['import']>[0]): Promise<string> {
  const result = await iam.import(request);
  if (result.outcome !== 'imported') throw new Error(result.detail);
  return result.arn;
}

test('what was uploaded is described, and found by its fingerprint and tags', async () => {
  const { facts, request, wanted } = await version('rsa-4096');
  const arn = await uploaded(request);
  expect(arn).toContain(':server-certificate/certkeep/us-east-1/shop.us-east-1.');
  await clock.sleep(10_000);
  const { fingerprintSha256, serial } = facts;
  expect(await iam.describe(arn)).toMatchObject({ arn, fingerprintSha256, serial });
  expect((await iam.find(wanted)).held?.arn).toBe(arn);
  expect(await iam.tagsOf(arn)).toEqual(tags);
});

test('an upload whose answer was lost is adopted', async () => {
  const { request } = await version();
  cloud.faults.add({
    when: ({ operation }) => operation === 'UploadServerCertificate',
    fault: { do: 'lose-answer' },
    times: 1,
  });
  const arn = await uploaded(request);
  expect(cloud.serverCertificates.certificates().map(({ served }) => served.arn)).toEqual([arn]);
});

test('a name that somebody else took is refused, and left alone', async () => {
  const { request, wanted } = await version();
  const foreign = { ...request, tags: { ...tags, 'certkeep:managed': 'other' } };
  await uploaded(foreign);
  await expect(iam.import(request)).rejects.toMatchObject({ name: 'ImportRefused' });
  expect((await iam.find(wanted)).held).toBeNull();
});

test('a deletion happens once, and counts as done afterwards', async () => {
  const { request } = await version();
  const arn = await uploaded(request);
  await clock.sleep(10_000);
  expect(await iam.delete(arn)).toBe('deleted');
  expect(await iam.delete(arn)).toBe('deleted');
  expect(await iam.describe(arn)).toBeNull();
});

test('a deletion whose answer was lost is sent once, and one that did not happen is told', async () => {
  const { request } = await version();
  const arn = await uploaded(request);
  await clock.sleep(10_000);
  const isDeletion = ({ operation }: { readonly operation: string }) =>
    operation === 'DeleteServerCertificate';
  const refuse = { do: 'refuse', code: 'ServiceFailureException', status: 500 } as const;
  cloud.faults.add({ when: isDeletion, fault: refuse, times: 1 });
  await expect(iam.delete(arn)).rejects.toMatchObject({ name: 'ServiceFailed' });
  cloud.faults.add({ when: isDeletion, fault: { do: 'lose-answer' }, times: 1 });
  expect(await iam.delete(arn)).toBe('deleted');
  expect(cloud.faults.calls.filter(isDeletion)).toHaveLength(2);
  expect(cloud.serverCertificates.certificates()).toEqual([]);
});

test('an ARN at another path is never read or deleted', async () => {
  const arn = `arn:aws:iam::${homeAccount}:server-certificate/elsewhere`;
  expect(await iam.describe(arn)).toBeNull();
  await expect(iam.delete(arn)).rejects.toMatchObject({ name: 'ArnNotOurs' });
});

test('the quota of the account has a name of its own', async () => {
  for (let at = 0; at < 20; at += 1) await uploaded((await version()).request);
  const { request } = await version();
  await expect(iam.import(request)).rejects.toMatchObject({ name: 'ImportQuotaReached' });
});

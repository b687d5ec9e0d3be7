import type { KeyAlgorithm } from '@aws-sdk/client-acm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMs, dayMs } from '#cloud/clock.ts';
import { makeCertificate } from '#cloud/kit/certificates.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

const allKeyTypes: KeyAlgorithm[] = [
  'RSA_1024',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
];

let lab: BalancerLab;
beforeEach(async () => {
  lab = await balancerLab();
});
afterEach(() => lab.close());

async function listed(input: Parameters<BalancerLab['acm']['listCertificates']>[0] = {}) {
  const { CertificateSummaryList } = await lab.acm.listCertificates(input);
  return CertificateSummaryList?.map((summary) => summary.CertificateArn);
}

test('a description says what ACM knows of a certificate', async () => {
  const made = await makeCertificate({
    names: ['shop.example.com', '*.shop.example.com'],
    serial: '0abc01',
  });
  const CertificateArn = await lab.imported(made);
  const { Certificate } = await lab.acm.describeCertificate({ CertificateArn });
  expect(Certificate).toMatchObject({
    Serial: '0a:bc:01',
    DomainName: 'shop.example.com',
    SubjectAlternativeNames: ['shop.example.com', '*.shop.example.com'],
    Subject: 'CN=shop.example.com',
    Issuer: 'Test Intermediate',
    Type: 'IMPORTED',
    Status: 'ISSUED',
    KeyAlgorithm: 'EC-prime256v1',
    SignatureAlgorithm: 'SHA256WITHECDSA',
    KeyUsages: [{ Name: 'DIGITAL_SIGNATURE' }],
    ExtendedKeyUsages: [{ Name: 'TLS_WEB_SERVER_AUTHENTICATION', OID: '1.3.6.1.5.5.7.3.1' }],
    NotBefore: made.notBefore,
    NotAfter: made.notAfter,
    ImportedAt: lab.clock.now(),
    RenewalEligibility: 'INELIGIBLE',
  });
});

test('a certificate past its notAfter is EXPIRED', async () => {
  const notAfter = addMs(lab.clock.now(), dayMs);
  const CertificateArn = await lab.imported(await makeCertificate({ notAfter }));
  lab.clock.advance(2 * dayMs);
  const { Certificate } = await lab.acm.describeCertificate({ CertificateArn });
  expect(Certificate?.Status).toBe('EXPIRED');
  expect(
    await listed({ CertificateStatuses: ['ISSUED'], Includes: { keyTypes: allKeyTypes } }),
  ).toEqual([]);
});

test('a list comes in pages, newest first when asked', async () => {
  const made = await makeCertificate({ key: 'rsa-2048' });
  const arns = [];
  for (let index = 0; index < 5; index += 1) arns.push(await lab.imported(made));
  const order = { SortBy: 'CREATED_AT', SortOrder: 'DESCENDING' } as const;
  const first = await lab.acm.listCertificates({ MaxItems: 3, ...order });
  const NextToken = first.NextToken as string;
  const second = await lab.acm.listCertificates({ MaxItems: 3, NextToken, ...order });
  const pages = [first, second].flatMap((page) => page.CertificateSummaryList ?? []);
  expect(pages.map((summary) => summary.CertificateArn)).toEqual(arns.reverse());
  expect(second.NextToken).toBeUndefined();
  await expect(listed({ NextToken: 'bm90aGluZw' })).rejects.toThrow(/NextToken/);
});

test('a summary holds the first hundred names', async () => {
  const names = Array.from({ length: 101 }, (_, index) => `n${index}.example.com`);
  await lab.imported(await makeCertificate({ key: 'rsa-2048', names }));
  const { CertificateSummaryList: [summary] = [] } = await lab.acm.listCertificates({});
  expect(summary?.SubjectAlternativeNameSummaries).toHaveLength(100);
  expect(summary?.HasAdditionalSubjectAlternativeNames).toBe(true);
});

test('a list shows a new certificate a moment late', async () => {
  await lab.close();
  lab = await balancerLab({ acm: { listLagMs: 1_000 } });
  const arn = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  expect(await listed()).toEqual([]);
  lab.clock.advance(1_000);
  expect(await listed()).toEqual([arn]);
});

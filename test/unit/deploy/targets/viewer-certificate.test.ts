import { expect, test } from 'vitest';
import { certificateIn, withCertificate } from '#shared/targets/cloudfront/viewer-certificate.ts';

const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
const settings = { SSLSupportMethod: 'vip', MinimumProtocolVersion: 'TLSv1.3_2025' };

test.each([
  ['an ARN in ACM', { ACMCertificateArn: arn }, arn],
  ['an id in IAM', { IAMCertificateId: 'ASCA1' }, 'ASCA1'],
  ['none, where CloudFront serves its own', { CloudFrontDefaultCertificate: true }, null],
  ['none, where members are empty', { ACMCertificateArn: '', IAMCertificateId: '' }, null],
  ['none, where nothing is said', undefined, null],
])('the certificate is %s', (_, viewer, certificate) => {
  expect(certificateIn(viewer)).toBe(certificate);
});

test('settings that somebody chose stay, also a dedicated address', () => {
  expect(withCertificate({ IAMCertificateId: 'ASCA1', ...settings }, arn)).toEqual({
    CloudFrontDefaultCertificate: false,
    ACMCertificateArn: arn,
    ...settings,
  });
});

test('what CloudFront shows beside its own certificate is no choice of anybody', () => {
  const own = { CloudFrontDefaultCertificate: true, ...settings };
  for (const viewer of [own, undefined]) {
    expect(withCertificate(viewer, arn)).toMatchObject({
      SSLSupportMethod: 'sni-only',
      MinimumProtocolVersion: 'TLSv1.2_2021',
    });
  }
});

test('deprecated members that repeat the certificate are left out', () => {
  const viewer = { ACMCertificateArn: `${arn}0`, Certificate: `${arn}0`, CertificateSource: 'acm' };
  expect(Object.keys(withCertificate({ ...viewer, ...settings }, 'ASCA1')).toSorted()).toEqual([
    'CloudFrontDefaultCertificate',
    'IAMCertificateId',
    'MinimumProtocolVersion',
    'SSLSupportMethod',
  ]);
});

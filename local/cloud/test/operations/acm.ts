import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { importArguments, imported } from './certificates.ts';

export async function visitAcm(aws: AwsCommand): Promise<void> {
  const arn = await imported(aws, 'acm', { key: 'ecdsa-p256', names: ['acm.example.com'] });
  const of = ['--certificate-arn', arn];
  await aws.run('acm', 'AddTagsToCertificate', ...of, '--tags', 'Key=owner,Value=me');
  expect(await aws.run('acm', 'ListTagsForCertificate', ...of)).toEqual({
    Tags: [{ Key: 'owner', Value: 'me' }],
  });
  await aws.run('acm', 'RemoveTagsFromCertificate', ...of, '--tags', 'Key=owner');
  expect(await aws.run('acm', 'ListTagsForCertificate', ...of)).toEqual({ Tags: [] });

  const listed = await aws.run('acm', 'ListCertificates', '--includes', 'keyTypes=EC_prime256v1');
  expect(listed.CertificateSummaryList).toContainEqual(
    expect.objectContaining({ CertificateArn: arn, DomainName: 'acm.example.com' }),
  );
  const byDefault = await aws.run('acm', 'ListCertificates');
  expect(JSON.stringify(byDefault)).not.toContain(arn);

  const renewed = await importArguments(aws, 'renewed', { names: ['acm.example.com'] });
  expect(await aws.run('acm', 'ImportCertificate', ...of, ...renewed)).toEqual({
    CertificateArn: arn,
  });
  const { Certificate } = await aws.run('acm', 'GetCertificate', ...of);
  expect(Certificate).toContain('-----BEGIN CERTIFICATE-----');
  const described = await aws.run('acm', 'DescribeCertificate', ...of);
  expect(described.Certificate).toMatchObject({ Type: 'IMPORTED', Status: 'ISSUED', InUseBy: [] });

  await aws.run('acm', 'DeleteCertificate', ...of);
  await expect(aws.run('acm', 'DescribeCertificate', ...of)).rejects.toThrow(
    '(ResourceNotFoundException)',
  );
}

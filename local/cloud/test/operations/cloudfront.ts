import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';
import { byAcm, distributionConfig } from '#cloud/kit/distribution.ts';
import { imported } from './certificates.ts';

export async function visitCloudfront(aws: AwsCommand): Promise<void> {
  const names = ['edge.example.com'];
  const first = await imported(aws, 'edge-first', { names });
  const second = await imported(aws, 'edge-second', { names });
  const config = distributionConfig(names, { ViewerCertificate: byAcm(first) });
  const created = await aws.run(
    'cloudfront',
    'CreateDistribution',
    '--distribution-config',
    JSON.stringify(config),
  );
  const { ARN, Id } = created.Distribution;
  const of = ['--id', Id];
  const read = await aws.run('cloudfront', 'GetDistributionConfig', ...of);
  expect(read.ETag).toBe(created.ETag);
  const changed = { ...read.DistributionConfig, ViewerCertificate: byAcm(second) };
  await aws.run(
    'cloudfront',
    'UpdateDistribution',
    ...of,
    '--if-match',
    read.ETag,
    '--distribution-config',
    JSON.stringify(changed),
  );
  const { Distribution: seen } = await aws.run('cloudfront', 'GetDistribution', ...of);
  expect(seen.Status).toBe('InProgress');
  expect(seen.DistributionConfig.ViewerCertificate.ACMCertificateArn).toBe(second);

  const Items = [{ Key: 'team', Value: 'web' }];
  const tagged = { DistributionConfig: distributionConfig(), Tags: { Items } };
  const json = JSON.stringify(tagged);
  const withTags = ['--distribution-config-with-tags', json];
  await aws.run('cloudfront', 'CreateDistributionWithTags', ...withTags);
  const { DistributionList } = await aws.run('cloudfront', 'ListDistributions');
  expect(DistributionList.Items).toHaveLength(2);

  const tags = ['--tags', JSON.stringify({ Items })];
  await aws.run('cloudfront', 'TagResource', '--resource', ARN, ...tags);
  const { Tags } = await aws.run('cloudfront', 'ListTagsForResource', '--resource', ARN);
  expect(Tags).toEqual({ Items });
}

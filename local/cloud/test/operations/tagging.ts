import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitTagging(aws: AwsCommand): Promise<void> {
  const { LoadBalancers } = await aws.run('elbv2', 'CreateLoadBalancer', '--name', 'tagged');
  const arn: string = LoadBalancers[0].LoadBalancerArn;
  await aws.run('elbv2', 'AddTags', '--resource-arns', arn, '--tags', 'Key=visited,Value=shop');
  const asked = ['--tag-filters', 'Key=visited', '--resource-type-filters', 'elasticloadbalancing'];
  const found = await aws.run('resourcegroupstaggingapi', 'GetResources', ...asked);
  expect(found.ResourceTagMappingList).toEqual([
    { ResourceARN: arn, Tags: [{ Key: 'visited', Value: 'shop' }] },
  ]);
  await aws.run('elbv2', 'RemoveTags', '--resource-arns', arn, '--tag-keys', 'visited');
  const none = await aws.run('resourcegroupstaggingapi', 'GetResources', ...asked);
  expect(none.ResourceTagMappingList).toEqual([]);
}

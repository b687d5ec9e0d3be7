import { partitionOf } from '#shared/region.ts';
import type { Finding, Path } from './finding.ts';

/** Finds an ARN whose partition and region contradict each other. */
export function arnOfOnePartition(arn: string, path: Path): readonly Finding[] {
  const [, partition, , region = ''] = arn.split(':');
  if (partition === partitionOf(region)) return [];
  return [
    {
      path,
      message: `names the partition ${partition}, and ${region} is in ${partitionOf(region)}`,
      fix: 'Copy the ARN as AWS shows it.',
    },
  ];
}

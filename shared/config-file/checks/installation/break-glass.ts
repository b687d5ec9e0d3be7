import { partitionOf } from '#shared/region.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';

const path = ['breakGlassRole'];

/** The buckets admit nobody from another account, so a role there would be useless. */
export function breakGlassIsOfHome({ account, region, breakGlassRole }: Draft): readonly Finding[] {
  const [arn, partition, , , owner] = breakGlassRole?.split(':') ?? [];
  if (arn !== 'arn') return [];
  if (account !== null && owner !== account) {
    const message = `is a role of account ${owner}, and the buckets are in ${account}`;
    return [{ path, message, fix: `Name a role of account ${account}.` }];
  }
  if (region === null || partition === partitionOf(region)) return [];
  const message = `is a role in the partition ${partition}, out of reach from ${region}`;
  return [{ path, message, fix: 'Name a role of the home account.' }];
}

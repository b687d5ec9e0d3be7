import { RegionInfo } from 'aws-cdk-lib/region-info';

/** The partition of a region: accounts and ARNs never leave it. */
export function partitionOf(region: string): string {
  return RegionInfo.get(region).partition ?? 'aws';
}

/** The domain of a region's service endpoints. */
export function domainOf(region: string): string {
  return RegionInfo.get(region).domainSuffix ?? 'amazonaws.com';
}

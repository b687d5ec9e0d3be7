/** Copied from aws-cdk-lib/region-info. */
const partitions: readonly (readonly [prefix: string, partition: string, domain?: string])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
];

/** The form of a region's name. A list of regions would be outdated every year. */
export const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** The partition of a region: accounts, keys and copies never leave it. */
export function partitionOf(region: string): string {
  return partitionWith(region)?.[1] ?? 'aws';
}

/** The domain of a region's service endpoints. */
export function domainOf(region: string): string {
  return partitionWith(region)?.[2] ?? 'amazonaws.com';
}

function partitionWith(region: string) {
  return partitions.find(([prefix]) => region.startsWith(prefix));
}

import { partitionOf } from '#shared/region.ts';

type Place = { readonly region: string; readonly account: string };

/** `arn:aws:sqs:us-east-1:000000000000:queue`, in the partition of the region. */
export function arnOf(service: string, { region, account }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** Of what is the same in every region. */
export function globalArnOf(service: string, { region, account }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:${service}::${account}:${resource}`;
}

/** Of what has neither region nor account in its name: buckets, hosted zones. */
export function placelessArnOf(
  service: string,
  { region }: Pick<Place, 'region'>,
  resource: string,
): string {
  return `arn:${partitionOf(region)}:${service}:::${resource}`;
}

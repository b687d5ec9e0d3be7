import { partitionOf } from '../region.ts';
import type { Place } from './place.ts';

/** `arn:aws:sqs:us-east-1:000000000000:queue`, in the region's partition. */
export function arnOf(service: string, { region, account }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
}

/** The ARN of a resource that is the same in every region. */
export function globalArnOf(service: string, { region, account }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:${service}::${account}:${resource}`;
}

/** The ARN of a resource that names neither region nor account: buckets, hosted zones. */
export function placelessArnOf(
  service: string,
  { region }: Pick<Place, 'region'>,
  resource: string,
): string {
  return `arn:${partitionOf(region)}:${service}:::${resource}`;
}

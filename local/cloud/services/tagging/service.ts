import * as module from '@aws-sdk/client-resource-groups-tagging-api';
import type { Clock } from '../../clock.ts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { metered } from '../metered.ts';
import { tokenBucket } from '../token-bucket.ts';
import { getResources } from './get-resources.ts';
import type { TagSource } from './source.ts';

/** "GetResources … 15 requests per second" (general/latest/gr/arg.html). */
const perSecond = 15;

/** The Resource Groups Tagging API over the services that have tags here: ELB and CloudFront. */
export function tagging(
  clock: Clock,
  sources: readonly TagSource[],
): { readonly operations: Operations } {
  const buckets = new Map<string, ReturnType<typeof tokenBucket>>();
  const operations: Operations = {
    GetResources: (input, call) =>
      getResources(
        sources.flatMap((source) => source.taggedIn(call)),
        input,
      ),
  };
  return {
    operations: metered(operations, (_operation, _input, { account, region }) => {
      const key = `${account}/${region}`;
      const bucket = buckets.get(key) ?? tokenBucket({ clock, burst: perSecond, perSecond });
      buckets.set(key, bucket);
      return bucket.take();
    }),
  };
}

export function taggingService({ operations }: ReturnType<typeof tagging>): RunningService {
  return serviceOf('tagging', module, module.ResourceGroupsTaggingAPIClient, operations);
}

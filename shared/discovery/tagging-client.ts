import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  type Tag,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { positionTag, wantedTag } from '#shared/targets/found/wanted-tag.ts';
import type { Tagged } from './resource.ts';

export type TagReader = {
  /** Reads at most so many resources; `isWhole` says whether these are all. @throws CertkeepError of the service */
  tagged(
    most: number,
  ): Promise<{ readonly resources: readonly Tagged[]; readonly isWhole: boolean }>;
};

/** "ResourcesPerPage … maximum of 100" (API_GetResources.html). */
const pageSize = 100;
/** A page may be shorter than asked for, and even empty. */
const mostPages = 50;
/** "Tag values … up to 256 characters": longer ones name no certificate. */
const longestValue = 256;

/** The Resource Groups Tagging API of one account and region, through the SDK. */
export function awsTagReader(options: ClientOptions): TagReader {
  const client = new ResourceGroupsTaggingAPIClient(options);
  return {
    tagged: (most) =>
      named('GetResources', options.region, async () => {
        const resources: Tagged[] = [];
        let token: string | undefined;
        for (let pages = 0; pages < mostPages; pages += 1) {
          const page = await client.send(
            new GetResourcesCommand({
              TagFilters: [{ Key: wantedTag }],
              ResourceTypeFilters: ['elasticloadbalancing', 'cloudfront:distribution'],
              ResourcesPerPage: pageSize,
              ...(token && { PaginationToken: token }),
            }),
          );
          for (const { ResourceARN: arn, Tags = [] } of page.ResourceTagMappingList ?? []) {
            const certificate = valueIn(Tags, wantedTag);
            // It may name resources whose tags are gone.
            if (!arn || certificate === null) continue;
            resources.push({ arn, certificate, position: valueIn(Tags, positionTag) });
          }
          token = page.PaginationToken;
          if (!token || resources.length >= most) break;
        }
        return { resources: resources.slice(0, most), isWhole: !token };
      }),
  };
}

function valueIn(tags: readonly Tag[], key: string): string | null {
  return tags.find(({ Key }) => Key === key)?.Value?.slice(0, longestValue) ?? null;
}

const named = serviceCalls({
  service: 'Resource Groups Tagging API',
  stage: 'verify',
});

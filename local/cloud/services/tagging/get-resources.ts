import type {
  GetResourcesCommandInput,
  GetResourcesCommandOutput,
  TagFilter,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { AwsError } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { pageOf } from '../pages.ts';
import type { TaggedResource } from './source.ts';

const mostPerPage = 100;

/** Tells of what carries tags now (API_GetResources.html): the real one also tells of what has lost them all. */
export function getResources(
  all: readonly TaggedResource[],
  input: GetResourcesCommandInput,
): Omit<GetResourcesCommandOutput, '$metadata'> {
  supportOnly('GetResources', input, [
    'PaginationToken',
    'ResourceTypeFilters',
    'ResourcesPerPage',
    'TagFilters',
  ]);
  const {
    PaginationToken,
    ResourceTypeFilters = [],
    ResourcesPerPage: size = mostPerPage,
    TagFilters = [],
  } = input;
  if (size < 1 || size > mostPerPage) {
    throw new AwsError('InvalidParameterException', 'ResourcesPerPage is from 1 to 100');
  }
  const found = all
    .filter(({ tags }) => tags.size > 0)
    .filter(({ arn }) => ResourceTypeFilters.length === 0 || ResourceTypeFilters.some(isOf(arn)))
    .filter(({ tags }) => TagFilters.every((filter) => matches(filter, tags)))
    .toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  const page = pageOf(found, { token: PaginationToken || undefined, size }, ({ arn }) => arn);
  if (!page) {
    throw new AwsError('PaginationTokenExpiredException', 'The pagination token has expired');
  }
  return {
    PaginationToken: page.next ?? '',
    ResourceTagMappingList: page.items.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

/** `elasticloadbalancing`, or with the type of the resource: `cloudfront:distribution`. */
function isOf(arn: string) {
  const [, , service, , , resource = ''] = arn.split(':');
  return (filter: string) => {
    const [wanted, type] = filter.split(':');
    return wanted === service && (type === undefined || resource.split('/')[0] === type);
  };
}

function matches({ Key = '', Values = [] }: TagFilter, tags: ReadonlyMap<string, string>): boolean {
  const value = tags.get(Key);
  return value !== undefined && (Values.length === 0 || Values.includes(value));
}

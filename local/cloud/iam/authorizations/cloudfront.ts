import type {
  CreateDistributionWithTagsCommandInput,
  TagResourceCommandInput,
} from '@aws-sdk/client-cloudfront';
import { globalArnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Reference } from './reference.ts';
import { requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html */
export const cloudfrontReference: Reference = {
  service: 'cloudfront',
  resource: ({ Id = '*', Resource }: { Id?: string; Resource?: string }, asker) =>
    Resource ?? distributionArn(Id, asker),
};

export const cloudfrontTable: Table = {
  CreateDistributionWithTags(input: CreateDistributionWithTagsCommandInput, asker) {
    const context = requestTags(input.DistributionConfigWithTags?.Tags?.Items);
    return [
      { action: 'cloudfront:CreateDistribution', resource: '*', context },
      { action: 'cloudfront:TagResource', resource: distributionArn('*', asker), context },
    ];
  },
  TagResource({ Resource = '', Tags }: TagResourceCommandInput, _asker, { tagsOf }) {
    const context = { ...requestTags(Tags?.Items), ...resourceTags(tagsOf(Resource)) };
    return [{ action: 'cloudfront:TagResource', resource: Resource, context }];
  },
};

/** CloudFront has no regions: its ARNs are the same whichever one a request is signed for. */
function distributionArn(id: string, asker: Asker): string {
  return globalArnOf('cloudfront', asker, `distribution/${id}`);
}

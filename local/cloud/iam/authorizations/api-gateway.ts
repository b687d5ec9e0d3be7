import type {
  CreateDomainNameCommandInput,
  TagResourceCommandInput,
  UpdateDomainNameCommandInput,
} from '@aws-sdk/client-api-gateway';
import { partitionOf } from '../../region.ts';
import type { Asker } from '../asker.ts';
import type { Context, Table } from './requests.ts';
import { resourceTags } from './requests.ts';

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html: actions are the
 * verbs of HTTP, and ARNs have no account.
 */
export const apiGatewayTable: Table = {
  CreateDomainName({ tags = {} }: CreateDomainNameCommandInput, asker) {
    const resource = at(asker, '/domainnames');
    return [{ action: 'apigateway:POST', resource, context: requested(tags) }];
  },
  GetDomainNames: (_, asker) => [{ action: 'apigateway:GET', resource: at(asker, '/domainnames') }],
  GetDomainName: ({ domainName }: Named, asker, { tagsOf }) => {
    const resource = at(asker, `/domainnames/${domainName}`);
    return [{ action: 'apigateway:GET', resource, context: resourceTags(tagsOf(resource)) }];
  },
  UpdateDomainName(input: UpdateDomainNameCommandInput, asker, { tagsOf }) {
    const resource = at(asker, `/domainnames/${input.domainName}`);
    const context = resourceTags(tagsOf(resource));
    const isOfEdge = input.patchOperations?.some(({ path }) => path === '/certificateArn');
    return [
      { action: 'apigateway:PATCH', resource, context },
      // "To … update its certificate, you must have a permission to update CloudFront distributions"
      // (how-to-edge-optimized-custom-domain-name).
      ...(isOfEdge
        ? [{ action: 'cloudfront:UpdateDistribution', resource: distributionOf(asker) }]
        : []),
    ];
  },
  TagResource: ({ resourceArn, tags = {} }: TagResourceCommandInput, asker) => [
    { action: 'apigateway:PUT', resource: tagsAt(asker, resourceArn), context: requested(tags) },
  ],
  GetTags: ({ resourceArn }: { readonly resourceArn?: string }, asker) => [
    { action: 'apigateway:GET', resource: tagsAt(asker, resourceArn) },
  ],
};

type Named = { readonly domainName?: string };

/** Which distribution is asked for, no page says: its own is of an account of AWS, and the caller's policies decide. */
function distributionOf({ account }: Asker): string {
  return `arn:aws:cloudfront::${account}:distribution/E0000000000`;
}

function at({ region }: Asker, path: string): string {
  return `arn:${partitionOf(region)}:apigateway:${region}::${path}`;
}

function tagsAt(asker: Asker, arn = ''): string {
  return at(asker, `/tags/${encodeURIComponent(arn)}`);
}

function requested(tags: Readonly<Record<string, string>>): Context {
  const keys = Object.keys(tags);
  if (keys.length === 0) return {};
  return {
    ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, tags[key] ?? ''])),
    'aws:TagKeys': keys,
  };
}

import type {
  AddTagsCommandInput,
  CreateLoadBalancerCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Reference } from './reference.ts';
import { given, requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancing.html */
export const elbReference: Reference = {
  service: 'elasticloadbalancing',
  resource: (input: { readonly LoadBalancerName?: string }, asker) =>
    balancerArn(input.LoadBalancerName, asker),
};

export const elbTable: Table = {
  CreateLoadBalancer(input: CreateLoadBalancerCommandInput, asker) {
    const resource = balancerArn(input.LoadBalancerName, asker);
    const tags = requestTags(input.Tags);
    const context = { ...tags, ...given({ 'elasticloadbalancing:Scheme': input.Scheme }) };
    const tagging = {
      action: 'elasticloadbalancing:AddTags',
      resource,
      context: { ...tags, 'elasticloadbalancing:CreateAction': 'CreateLoadBalancer' },
    };
    return [
      { action: 'elasticloadbalancing:CreateLoadBalancer', resource, context },
      ...(input.Tags?.length ? [tagging] : []),
    ];
  },
  AddTags({ LoadBalancerNames = [], Tags }: AddTagsCommandInput, asker, { tagsOf }) {
    return LoadBalancerNames.map((name) => {
      const resource = balancerArn(name, asker);
      const context = { ...requestTags(Tags), ...balancerTags(tagsOf(resource)) };
      return { action: 'elasticloadbalancing:AddTags', resource, context };
    });
  },
};

function balancerArn(name: string | undefined, asker: Asker): string {
  return arnOf('elasticloadbalancing', asker, `loadbalancer/${name}`);
}

export function balancerTags(tags: ReadonlyMap<string, string> | null) {
  return resourceTags(tags, ['aws:ResourceTag', 'elasticloadbalancing:ResourceTag']);
}

import type {
  AddTagsCommandInput,
  CreateLoadBalancerCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { given, onAll, type Row, requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancing.html */
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
  DescribeLoadBalancers: onAll('elasticloadbalancing:DescribeLoadBalancers'),
  DescribeTags: onAll('elasticloadbalancing:DescribeTags'),
  SetLoadBalancerListenerSSLCertificate: onBalancer(
    'elasticloadbalancing:SetLoadBalancerListenerSSLCertificate',
  ),
  AddTags({ LoadBalancerNames = [], Tags }: AddTagsCommandInput, asker, { tagsOf }) {
    return LoadBalancerNames.map((name) => {
      const resource = balancerArn(name, asker);
      const context = { ...requestTags(Tags), ...balancerTags(tagsOf(resource)) };
      return { action: 'elasticloadbalancing:AddTags', resource, context };
    });
  },
};

function onBalancer(action: string): Row {
  return (input: { LoadBalancerName: string | undefined }, asker, { tagsOf }) => {
    const resource = balancerArn(input.LoadBalancerName, asker);
    return [{ action, resource, context: balancerTags(tagsOf(resource)) }];
  };
}

function balancerArn(name: string | undefined, asker: Asker): string {
  return arnOf('elasticloadbalancing', asker, `loadbalancer/${name}`);
}

export function balancerTags(tags: ReadonlyMap<string, string> | null) {
  return resourceTags(tags, 'elasticloadbalancing:ResourceTag');
}

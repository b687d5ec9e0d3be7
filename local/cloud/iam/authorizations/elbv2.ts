import type {
  AddTagsCommandInput,
  CreateListenerCommandInput,
  CreateLoadBalancerCommandInput,
  CreateRuleCommandInput,
  ModifyListenerCommandInput,
  RemoveTagsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { notImplemented } from '../../services/not-implemented.ts';
import { arnOf } from '../../wire/arn.ts';
import { balancerTags } from './elb.ts';
import type { Reference } from './reference.ts';
import { given, requestTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html */
export const elbv2Reference: Reference = {
  service: 'elasticloadbalancing',
  resource: (input: AnyInput, asker) =>
    input.RuleArn ??
    input.ListenerArn ??
    input.TargetGroupArn ??
    arnOf('elasticloadbalancing', asker, `targetgroup/${input.Name}/*`),
  values: listenerSettings,
};

type AnyInput = {
  readonly RuleArn?: string;
  readonly ListenerArn?: string;
  readonly TargetGroupArn?: string;
  readonly Name?: string;
};

export const elbv2Table: Table = {
  CreateLoadBalancer(input: CreateLoadBalancerCommandInput, asker) {
    const form = input.Type === 'network' ? 'net' : 'app';
    const name = `loadbalancer/${form}/${input.Name}/*`;
    const resource = arnOf('elasticloadbalancing', asker, name);
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
  CreateListener(input: CreateListenerCommandInput, _, { tagsOf }) {
    // iam-data 0.21 has one list for both ELB APIs, in which only load balancers have tags.
    if (input.Tags?.length) {
      throw notImplemented('CreateListener', 'the tags of a listener, by a role,');
    }
    const resource = input.LoadBalancerArn ?? '';
    const context = { ...balancerTags(tagsOf(resource)), ...listenerSettings(input) };
    return [{ action: 'elasticloadbalancing:CreateListener', resource, context }];
  },
  CreateRule(input: CreateRuleCommandInput, _, { tagsOf }) {
    const resource = input.ListenerArn ?? '';
    const tags = requestTags(input.Tags);
    const rules = `${resource.replace(':listener/', ':listener-rule/')}/*`;
    const tagging = {
      action: 'elasticloadbalancing:AddTags',
      resource: rules,
      context: { ...tags, 'elasticloadbalancing:CreateAction': 'CreateRule' },
    };
    return [
      {
        action: 'elasticloadbalancing:CreateRule',
        resource,
        context: { ...tags, ...balancerTags(tagsOf(resource)) },
      },
      ...(input.Tags?.length ? [tagging] : []),
    ];
  },
  AddTags: ({ ResourceArns = [], Tags }: AddTagsCommandInput, _, { tagsOf }) =>
    ResourceArns.map((resource) => ({
      action: 'elasticloadbalancing:AddTags',
      resource,
      context: { ...requestTags(Tags), ...balancerTags(tagsOf(resource)) },
    })),
  RemoveTags: ({ ResourceArns = [], TagKeys = [] }: RemoveTagsCommandInput, _, { tagsOf }) =>
    ResourceArns.map((resource) => ({
      action: 'elasticloadbalancing:RemoveTags',
      resource,
      context: { 'aws:TagKeys': TagKeys, ...balancerTags(tagsOf(resource)) },
    })),
};

function listenerSettings(input: CreateListenerCommandInput | ModifyListenerCommandInput) {
  return given({
    'elasticloadbalancing:ListenerProtocol': input.Protocol,
    'elasticloadbalancing:SecurityPolicy': input.SslPolicy,
  });
}

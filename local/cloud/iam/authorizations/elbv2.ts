import type {
  AddTagsCommandInput,
  CreateListenerCommandInput,
  CreateLoadBalancerCommandInput,
  CreateRuleCommandInput,
  CreateTargetGroupCommandInput,
  DeleteRuleCommandInput,
  ModifyListenerCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { notImplemented } from '../../services/not-implemented.ts';
import { arnOf } from '../../wire/arn.ts';
import { balancerTags } from './elb.ts';
import { given, onAll, type Row, requestTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html */
export const elbv2Table: Table = {
  CreateLoadBalancer(input: CreateLoadBalancerCommandInput, asker) {
    const name = `loadbalancer/app/${input.Name}/*`;
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
  DescribeLoadBalancers: onAll('elasticloadbalancing:DescribeLoadBalancers'),
  CreateListener(input: CreateListenerCommandInput, _, { tagsOf }) {
    // iam-data 0.21 has one list for both ELB APIs, in which only load balancers have tags.
    if (input.Tags?.length) {
      throw notImplemented('CreateListener', 'the tags of a listener, by a role,');
    }
    const resource = input.LoadBalancerArn ?? '';
    const context = { ...balancerTags(tagsOf(resource)), ...listenerSettings(input) };
    return [{ action: 'elasticloadbalancing:CreateListener', resource, context }];
  },
  ModifyListener: onListener('elasticloadbalancing:ModifyListener'),
  DescribeListeners: onAll('elasticloadbalancing:DescribeListeners'),
  AddListenerCertificates: onListener('elasticloadbalancing:AddListenerCertificates'),
  RemoveListenerCertificates: onListener('elasticloadbalancing:RemoveListenerCertificates'),
  DescribeListenerCertificates: onAll('elasticloadbalancing:DescribeListenerCertificates'),
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
  CreateTargetGroup(input: CreateTargetGroupCommandInput, asker) {
    const resource = arnOf('elasticloadbalancing', asker, `targetgroup/${input.Name}/*`);
    return [
      {
        action: 'elasticloadbalancing:CreateTargetGroup',
        resource,
        context: requestTags(input.Tags),
      },
    ];
  },
  RegisterTargets: onGroup('elasticloadbalancing:RegisterTargets'),
  DeleteTargetGroup: onGroup('elasticloadbalancing:DeleteTargetGroup'),
  DescribeRules: onAll('elasticloadbalancing:DescribeRules'),
  DeleteRule: (input: DeleteRuleCommandInput, _, { tagsOf }) => [
    {
      action: 'elasticloadbalancing:DeleteRule',
      resource: input.RuleArn ?? '',
      context: balancerTags(tagsOf(input.RuleArn ?? '')),
    },
  ],
  AddTags: ({ ResourceArns = [], Tags }: AddTagsCommandInput, _, { tagsOf }) =>
    ResourceArns.map((resource) => ({
      action: 'elasticloadbalancing:AddTags',
      resource,
      context: { ...requestTags(Tags), ...balancerTags(tagsOf(resource)) },
    })),
  DescribeTags: onAll('elasticloadbalancing:DescribeTags'),
};

function listenerSettings(input: CreateListenerCommandInput | ModifyListenerCommandInput) {
  return given({
    'elasticloadbalancing:ListenerProtocol': input.Protocol,
    'elasticloadbalancing:SecurityPolicy': input.SslPolicy,
  });
}

function onListener(action: string): Row {
  return (input: ModifyListenerCommandInput, _, { tagsOf }) => {
    const resource = input.ListenerArn ?? '';
    const context = { ...balancerTags(tagsOf(resource)), ...listenerSettings(input) };
    return [{ action, resource, context }];
  };
}

function onGroup(action: string): Row {
  return ({ TargetGroupArn: resource = '' }: { TargetGroupArn?: string }, _, { tagsOf }) => [
    { action, resource, context: balancerTags(tagsOf(resource)) },
  ];
}

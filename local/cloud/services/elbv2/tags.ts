import type {
  AddTagsCommandInput,
  DescribeTagsCommandInput,
  RemoveTagsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Place } from '../../wire/place.ts';
import type { Call } from '../../wire/service.ts';
import { checkDescribed, listTags, putTags } from '../elb-tags.ts';
import type { TaggedResource } from '../tagging/source.ts';
import { balancerAt, type Elbv2State, groupAt, listenerAt, ruleAt } from './state.ts';

export function addTags(
  state: Elbv2State,
  { ResourceArns = [], Tags = [] }: AddTagsCommandInput,
  call: Call,
) {
  for (const arn of ResourceArns) putTags(tagsAt(state, arn, call), Tags);
  return {};
}

export function removeTags(
  state: Elbv2State,
  { ResourceArns = [], TagKeys = [] }: RemoveTagsCommandInput,
  call: Call,
) {
  for (const arn of ResourceArns) {
    const tags = tagsAt(state, arn, call);
    for (const key of TagKeys) tags.delete(key);
  }
  return {};
}

export function describeTags(
  state: Elbv2State,
  { ResourceArns = [] }: DescribeTagsCommandInput,
  call: Call,
) {
  checkDescribed(ResourceArns);
  return {
    TagDescriptions: ResourceArns.map((arn) => ({
      ResourceArn: arn,
      Tags: listTags(tagsAt(state, arn, call)),
    })),
  };
}

function tagsAt(state: Elbv2State, arn: string, call: Call): Map<string, string> {
  if (arn.includes(':targetgroup/')) return groupAt(state, arn, call).tags;
  if (arn.includes(':listener-rule/')) return ruleAt(state, arn, call).rule.tags;
  if (arn.includes(':listener/')) return listenerAt(state, arn, call).tags;
  return balancerAt(state, arn, call).tags;
}

/** The tags of a load balancer, a listener, a rule or a target group, for any caller; null where there is none. */
export function knownTags(state: Elbv2State, arn: string): ReadonlyMap<string, string> | null {
  const group = state.groups.get(arn);
  if (group) return group.tags;
  const [balancerArn = ''] =
    /^.*:(?:loadbalancer|listener|listener-rule)\/(?:app|net)\/[^/]+\/[^/]+/.exec(arn) ?? [];
  const balancer = state.known.get(balancerArn.replace(/:listener(?:-rule)?\//, ':loadbalancer/'));
  if (arn === balancer?.arn) return balancer.tags;
  const listeners = [...(balancer?.listeners.values() ?? [])];
  const rules = listeners.flatMap((listener) => listener.rules.latest());
  const found = [...listeners, ...rules].find((each) => each.arn === arn)?.tags;
  return found ?? state.deletedRules.get(arn) ?? null;
}

/** Everything with tags in an account and region. */
export function taggedIn(
  { groups, known }: Elbv2State,
  { account, region }: Place,
): readonly TaggedResource[] {
  const isHere = (each: Place) => each.account === account && each.region === region;
  const balancers = [...known.values()].filter(isHere);
  const listeners = balancers.flatMap((balancer) => [...balancer.listeners.values()]);
  const rules = listeners.flatMap((listener) => listener.rules.latest());
  return [...balancers, ...listeners, ...rules, ...[...groups.values()].filter(isHere)];
}

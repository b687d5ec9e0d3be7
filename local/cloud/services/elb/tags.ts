import type {
  AddTagsCommandInput,
  DescribeTagsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import type { Call } from '../../wire/service.ts';
import { checkDescribed, listTags, putTags } from '../elb-tags.ts';
import { classicNamed, type ElbState } from './state.ts';

export function addTags(
  state: ElbState,
  { LoadBalancerNames = [], Tags = [] }: AddTagsCommandInput,
  call: Call,
) {
  for (const name of LoadBalancerNames) putTags(classicNamed(state, name, call).tags, Tags);
  return {};
}

export function describeTags(
  state: ElbState,
  { LoadBalancerNames = [] }: DescribeTagsCommandInput,
  call: Call,
) {
  checkDescribed(LoadBalancerNames);
  return {
    TagDescriptions: LoadBalancerNames.map((name) => ({
      LoadBalancerName: name,
      Tags: listTags(classicNamed(state, name, call).tags),
    })),
  };
}

import type {
  CreateTargetGroupCommandInput,
  DeleteTargetGroupCommandInput,
  TargetGroup as Described,
  RegisterTargetsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import {
  type Elbv2State,
  groupAt,
  idOf,
  type KnownListener,
  type TargetGroup,
  validationError,
} from './state.ts';

/** Target groups of functions only; for other targets a page answers. */
export function createTargetGroup(
  state: Elbv2State,
  input: CreateTargetGroupCommandInput,
  call: Call,
) {
  supportOnly('CreateTargetGroup', input, ['Name', 'TargetType', 'Tags']);
  const { Name: name = '', TargetType } = input;
  if (TargetType !== 'lambda')
    throw notImplemented('CreateTargetGroup', `TargetType ${TargetType}`);
  if (!/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) {
    throw validationError(`Target group name '${name}' is not valid`);
  }
  const { account, region } = call;
  const taken = [...state.groups.values()].some(
    (group) => group.name === name && group.account === account && group.region === region,
  );
  if (taken) {
    throw new AwsError(
      'DuplicateTargetGroupNameException',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  const id = idOf(`${account} ${region} targetgroup ${name}`);
  const arn = arnOf('elasticloadbalancing', { region, account }, `targetgroup/${name}/${id}`);
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  const group: TargetGroup = { arn, name, account, region, tags, functionArn: null };
  state.groups.set(arn, group);
  return { TargetGroups: [described(group)] };
}

export function registerTargets(state: Elbv2State, input: RegisterTargetsCommandInput, call: Call) {
  const group = groupAt(state, input.TargetGroupArn, call);
  const [target, ...more] = input.Targets ?? [];
  if (!target?.Id?.includes(':function:') || more.length > 0) {
    throw validationError('A target group of type lambda takes one function');
  }
  group.functionArn = target.Id;
  return {};
}

export function deleteTargetGroup(
  state: Elbv2State,
  { TargetGroupArn }: DeleteTargetGroupCommandInput,
  call: Call,
) {
  const group = groupAt(state, TargetGroupArn, call);
  if (usersOf(state, group).length > 0) {
    throw new AwsError(
      'ResourceInUseException',
      `Target group '${group.arn}' is currently in use by a listener or a rule`,
    );
  }
  state.groups.delete(group.arn);
  return {};
}

/** The listeners that forward to a group; AWS allows one load balancer. */
export function usersOf({ known }: Elbv2State, group: TargetGroup): readonly KnownListener[] {
  const listeners = [...known.values()].flatMap((balancer) => [...balancer.listeners.values()]);
  return listeners.filter(({ actions, rules }) =>
    [...actions, ...rules.latest().flatMap((rule) => rule.actions)].some(
      ({ TargetGroupArn }) => TargetGroupArn === group.arn,
    ),
  );
}

function described({ arn, name }: TargetGroup): Described {
  return { TargetGroupArn: arn, TargetGroupName: name, TargetType: 'lambda', LoadBalancerArns: [] };
}

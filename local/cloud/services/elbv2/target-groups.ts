import type {
  CreateTargetGroupCommandInput,
  DeleteTargetGroupCommandInput,
  TargetGroup as Described,
  RegisterTargetsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call, type Operations } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import { type AlbListener, type Albs, idOf, type TargetGroup, validationError } from './model.ts';

/** Target groups of functions only; for other targets a page answers. */
export function targetGroupOperations(albs: Albs): Operations {
  function createTargetGroup(input: CreateTargetGroupCommandInput, call: Call) {
    supportOnly('CreateTargetGroup', input, ['Name', 'TargetType', 'Tags']);
    const { Name: name = '', TargetType } = input;
    if (TargetType !== 'lambda')
      throw notImplemented('CreateTargetGroup', `TargetType ${TargetType}`);
    if (!/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) {
      throw validationError(`Target group name '${name}' is not valid`);
    }
    const { account, region } = call;
    const taken = [...albs.groups.values()].some(
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
    albs.groups.set(arn, group);
    return { TargetGroups: [described(group)] };
  }

  function registerTargets(input: RegisterTargetsCommandInput, call: Call) {
    const group = albs.group(input.TargetGroupArn, call);
    const [target, ...more] = input.Targets ?? [];
    if (!target?.Id?.includes(':function:') || more.length > 0) {
      throw validationError('A target group of type lambda takes one function');
    }
    group.functionArn = target.Id;
    return {};
  }

  function deleteTargetGroup({ TargetGroupArn }: DeleteTargetGroupCommandInput, call: Call) {
    const group = albs.group(TargetGroupArn, call);
    if (usersOf(albs, group).length > 0) {
      throw new AwsError(
        'ResourceInUseException',
        `Target group '${group.arn}' is currently in use by a listener or a rule`,
      );
    }
    albs.groups.delete(group.arn);
    return {};
  }

  return {
    CreateTargetGroup: createTargetGroup,
    RegisterTargets: registerTargets,
    DeleteTargetGroup: deleteTargetGroup,
  };
}

/** The listeners that forward to a group; AWS allows one load balancer. */
export function usersOf(albs: Albs, group: TargetGroup): readonly AlbListener[] {
  const listeners = [...albs.all.values()].flatMap((alb) => [...alb.listeners.values()]);
  return listeners.filter(({ actions, rules }) =>
    [...actions, ...rules.latest().flatMap((rule) => rule.actions)].some(
      ({ TargetGroupArn }) => TargetGroupArn === group.arn,
    ),
  );
}

function described({ arn, name }: TargetGroup): Described {
  return { TargetGroupArn: arn, TargetGroupName: name, TargetType: 'lambda', LoadBalancerArns: [] };
}

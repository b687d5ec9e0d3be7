import type {
  CreateRuleCommandInput,
  DeleteRuleCommandInput,
  DescribeRulesCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import { pageOf } from '../pages.ts';
import { checkActions } from './actions.ts';
import { checkConditions } from './conditions.ts';
import {
  type Elbv2State,
  groupAt,
  idOf,
  type KnownBalancer,
  type KnownListener,
  type KnownRule,
  listenerAt,
  listenersOf,
  ruleAt,
  validationError,
} from './state.ts';
import { usersOf } from './target-groups.ts';
import { defaultRule, defaultRuleArn, describedRule, describedRules, ruleArns } from './views.ts';

const highestPriority = 50_000;

export function createRule(state: Elbv2State, input: CreateRuleCommandInput, call: Call) {
  supportOnly('CreateRule', input, createMembers);
  const listener = listenerAt(state, input.ListenerArn, call);
  if (listener.balancer.type === 'network') {
    throw notImplemented('CreateRule', 'a rule of a network load balancer');
  }
  const priority = input.Priority ?? 0;
  if (priority < 1 || priority > highestPriority) {
    throw validationError(`Priority '${priority}' is not between 1 and ${highestPriority}`);
  }
  checkConditions(input.Conditions);
  checkActions('CreateRule', input.Actions);
  checkGroup(state, input.Actions?.[0]?.TargetGroupArn, listener, call);
  const held = listener.rules.latest();
  if (held.some((rule) => rule.priority === priority)) {
    throw new AwsError('PriorityInUseException', `Priority '${priority}' is currently in use`);
  }
  if (rulesOf(listener.balancer) >= state.maxRules) {
    throw new AwsError('TooManyRulesException', 'The maximum number of rules has been reached');
  }
  const rule = newRule(listener, priority, input);
  const rules = [...held, rule].toSorted((one, other) => one.priority - other.priority);
  listener.rules.set(rules, state.clock.now());
  return { Rules: [describedRule(rule)] };
}

function checkGroup(
  state: Elbv2State,
  arn: string | undefined,
  { balancer }: KnownListener,
  call: Call,
): void {
  if (arn === undefined) return;
  const users = usersOf(state, groupAt(state, arn, call));
  if (users.every((user) => user.balancer === balancer)) return;
  throw new AwsError(
    'TargetGroupAssociationLimitException',
    `The following target groups cannot be associated with more than one load balancer: ${arn}`,
  );
}

/** Describes a listener's rules, with the default rule last, or rules by their own ARNs. */
export function describeRules(state: Elbv2State, input: DescribeRulesCommandInput, call: Call) {
  if ((input.ListenerArn === undefined) === (input.RuleArns === undefined)) {
    throw validationError('You must specify either a listener ARN or rule ARNs');
  }
  const found = input.RuleArns
    ? input.RuleArns.map((arn) => {
        const listener = ofDefaultRule(state, arn, call);
        return listener ? defaultRule(listener) : describedRule(ruleAt(state, arn, call).rule);
      })
    : describedRules(listenerAt(state, input.ListenerArn, call));
  const asked = { token: input.Marker, size: input.PageSize ?? 400 };
  const page = pageOf(found, asked, (rule) => rule.RuleArn ?? '');
  if (!page) throw validationError('The marker is not valid');
  return { Rules: page.items, ...(page.next && { NextMarker: page.next }) };
}

function ofDefaultRule(
  state: Elbv2State,
  arn: string | undefined,
  call: Call,
): KnownListener | undefined {
  return listenersOf(state, call).find((listener) => defaultRuleArn(listener) === arn);
}

export function deleteRule(state: Elbv2State, input: DeleteRuleCommandInput, call: Call) {
  if (ofDefaultRule(state, input.RuleArn, call)) {
    throw new AwsError(
      'OperationNotPermittedException',
      `Default rule '${input.RuleArn}' cannot be deleted`,
    );
  }
  const { listener, rule } = ruleAt(state, input.RuleArn, call);
  const left = listener.rules.latest().filter((each) => each !== rule);
  listener.rules.set(left, state.clock.now());
  state.deletedRules.set(rule.arn, rule.tags);
  return {};
}

const createMembers = ['ListenerArn', 'Conditions', 'Priority', 'Actions', 'Tags'] as const;

function newRule(
  listener: KnownListener,
  priority: number,
  input: CreateRuleCommandInput,
): KnownRule {
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  listener.rulesCreated += 1;
  return {
    arn: `${ruleArns(listener)}/${idOf(`${listener.arn} ${listener.rulesCreated}`)}`,
    priority,
    conditions: input.Conditions ?? [],
    actions: input.Actions ?? [],
    tags,
  };
}

function rulesOf({ listeners }: KnownBalancer): number {
  return [...listeners.values()].reduce((sum, { rules }) => sum + rules.latest().length, 0);
}

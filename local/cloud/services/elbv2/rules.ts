import type {
  CreateRuleCommandInput,
  DeleteRuleCommandInput,
  DescribeRulesCommandInput,
  Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../clock.ts';
import { AwsError, type Call, type Operations } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { pageOf } from '../pages.ts';
import { checkActions } from './actions.ts';
import { checkConditions } from './conditions.ts';
import {
  type Alb,
  type AlbListener,
  type AlbRule,
  type Albs,
  idOf,
  validationError,
} from './model.ts';
import { usersOf } from './target-groups.ts';

export type RuleLimits = {
  readonly clock: Clock;
  /** Quota L-7EED9B64: rules of one load balancer, without defaults. */
  readonly maxRules: number;
};

const highestPriority = 50_000;

export function ruleOperations(albs: Albs, { clock, maxRules }: RuleLimits): Operations {
  function createRule(input: CreateRuleCommandInput, call: Call) {
    supportOnly('CreateRule', input, createMembers);
    const listener = albs.listener(input.ListenerArn, call);
    const priority = input.Priority ?? 0;
    if (priority < 1 || priority > highestPriority) {
      throw validationError(`Priority '${priority}' is not between 1 and ${highestPriority}`);
    }
    checkConditions(input.Conditions);
    checkActions('CreateRule', input.Actions);
    checkGroup(input.Actions?.[0]?.TargetGroupArn, listener, call);
    const held = listener.rules.latest();
    if (held.some((rule) => rule.priority === priority)) {
      throw new AwsError('PriorityInUseException', `Priority '${priority}' is currently in use`);
    }
    if (rulesOf(listener.balancer) >= maxRules) {
      throw new AwsError('TooManyRulesException', 'The maximum number of rules has been reached');
    }
    const rule = newRule(listener, priority, input);
    const rules = [...held, rule].toSorted((one, other) => one.priority - other.priority);
    listener.rules.set(rules, clock.now());
    return { Rules: [describedRule(rule)] };
  }

  function checkGroup(arn: string | undefined, { balancer }: AlbListener, call: Call): void {
    if (arn === undefined) return;
    const users = usersOf(albs, albs.group(arn, call));
    if (users.every((user) => user.balancer === balancer)) return;
    throw new AwsError(
      'TargetGroupAssociationLimitException',
      `The following target groups cannot be associated with more than one load balancer: ${arn}`,
    );
  }

  /** Describes a listener's rules, with the default rule last, or rules by their own ARNs. */
  function describeRules(input: DescribeRulesCommandInput, call: Call) {
    if ((input.ListenerArn === undefined) === (input.RuleArns === undefined)) {
      throw validationError('You must specify either a listener ARN or rule ARNs');
    }
    const found = input.RuleArns
      ? input.RuleArns.map((arn) => {
          const listener = ofDefaultRule(arn, call);
          return listener ? defaultRule(listener) : describedRule(albs.rule(arn, call).rule);
        })
      : describedRules(albs.listener(input.ListenerArn, call));
    const asked = { token: input.Marker, size: input.PageSize ?? 400 };
    const page = pageOf(found, asked, (rule) => rule.RuleArn ?? '');
    if (!page) throw validationError('The marker is not valid');
    return { Rules: page.items, ...(page.next && { NextMarker: page.next }) };
  }

  function ofDefaultRule(arn: string | undefined, call: Call): AlbListener | undefined {
    const listeners = albs.of(call).flatMap((alb) => [...alb.listeners.values()]);
    return listeners.find((listener) => defaultRuleArn(listener) === arn);
  }

  function deleteRule(input: DeleteRuleCommandInput, call: Call) {
    if (ofDefaultRule(input.RuleArn, call)) {
      throw new AwsError(
        'OperationNotPermittedException',
        `Default rule '${input.RuleArn}' cannot be deleted`,
      );
    }
    const { listener, rule } = albs.rule(input.RuleArn, call);
    const left = listener.rules.latest().filter((each) => each !== rule);
    listener.rules.set(left, clock.now());
    albs.deletedRules.set(rule.arn, rule.tags);
    return {};
  }

  return { CreateRule: createRule, DescribeRules: describeRules, DeleteRule: deleteRule };
}

const createMembers = ['ListenerArn', 'Conditions', 'Priority', 'Actions', 'Tags'] as const;

function newRule(listener: AlbListener, priority: number, input: CreateRuleCommandInput): AlbRule {
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

function ruleArns({ arn }: AlbListener): string {
  return arn.replace(':listener/', ':listener-rule/');
}

function rulesOf({ listeners }: Alb): number {
  return [...listeners.values()].reduce((sum, { rules }) => sum + rules.latest().length, 0);
}

function describedRules(listener: AlbListener): readonly Rule[] {
  return [...listener.rules.latest().map(describedRule), defaultRule(listener)];
}

function defaultRuleArn(listener: AlbListener): string {
  return `${ruleArns(listener)}/${idOf(`${listener.arn} default`)}`;
}

function defaultRule(listener: AlbListener): Rule {
  return {
    RuleArn: defaultRuleArn(listener),
    Priority: 'default',
    Conditions: [],
    Actions: [...listener.actions],
    IsDefault: true,
  };
}

/** Returns values in both forms, whichever the caller used. */
function describedRule({ arn, priority, conditions, actions }: AlbRule): Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: conditions.map((condition) => ({
      ...condition,
      Values:
        condition.HostHeaderConfig?.Values ??
        condition.PathPatternConfig?.Values ??
        condition.Values,
    })),
    Actions: [...actions],
    IsDefault: false,
  };
}

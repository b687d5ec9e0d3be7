import type {
  DeleteRuleCommandInput,
  ListRulesCommandInput,
  ListTargetsByRuleCommandInput,
  PutRuleCommandInput,
  PutTargetsCommandInput,
  RemoveTargetsCommandInput,
} from '@aws-sdk/client-eventbridge';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { type EventPattern, InvalidPattern, parseEventPattern } from './pattern.ts';
import {
  type Bus,
  busAt,
  type EventBridgeState,
  findBus,
  type Rule,
  ruleAt,
  validation,
} from './state.ts';
import { assertNotTooMany, assertTargets } from './targets.ts';
import { describedRule } from './views.ts';

export function putRule(state: EventBridgeState, input: PutRuleCommandInput, call: Call) {
  supportOnly('PutRule', input, ['Name', 'EventBusName', 'EventPattern', 'Description', 'State']);
  const name = input.Name ?? '';
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) {
    throw validation(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint`,
    );
  }
  if (!input.EventPattern) throw validation('Parameter(s) EventPattern must be specified.');
  const bus = busAt(state, input.EventBusName, call);
  const rule: Rule = {
    name,
    arn: ruleArn(bus, name, call),
    pattern: patternOf(input.EventPattern),
    patternText: input.EventPattern,
    description: input.Description,
    enabled: input.State !== 'DISABLED',
    targets: bus.rules.get(name)?.targets ?? new Map(),
  };
  bus.rules.set(name, rule);
  return { RuleArn: rule.arn };
}

function ruleArn(bus: Bus, name: string, call: Call): string {
  return arnOf('events', call, `rule/${bus.name === 'default' ? name : `${bus.name}/${name}`}`);
}

/** "Event pattern size: 2,048. Maximum size of an event pattern, in characters" (eb-quota.html); what AWS answers is unknown. */
const longestPattern = 2_048;

function patternOf(text: string): EventPattern {
  if (text.length > longestPattern) {
    throw validation(`The event pattern has more than ${longestPattern} characters.`);
  }
  try {
    return parseEventPattern(text);
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    throw new AwsError('InvalidEventPatternException', error.message);
  }
}

export function listRules(state: EventBridgeState, input: ListRulesCommandInput, call: Call) {
  supportOnly('ListRules', input, ['EventBusName', 'NamePrefix']);
  const bus = busAt(state, input.EventBusName, call);
  const found = [...bus.rules.values()].filter(({ name }) =>
    name.startsWith(input.NamePrefix ?? ''),
  );
  return { Rules: found.map((rule) => describedRule(rule, bus)) };
}

export function deleteRule(
  state: EventBridgeState,
  { EventBusName, Name = '' }: DeleteRuleCommandInput,
  call: Call,
) {
  const bus = findBus(state, EventBusName, call);
  if (bus?.rules.get(Name)?.targets.size) {
    throw validation("Rule can't be deleted since it has targets.");
  }
  bus?.rules.delete(Name);
  return {};
}

export function putTargets(state: EventBridgeState, input: PutTargetsCommandInput, call: Call) {
  const { targets } = ruleAt(busAt(state, input.EventBusName, call), input.Rule);
  assertTargets(input.Targets ?? []);
  for (const target of input.Targets ?? []) targets.set(target.Id ?? '', target);
  assertNotTooMany(targets);
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function removeTargets(
  state: EventBridgeState,
  input: RemoveTargetsCommandInput,
  call: Call,
) {
  const { targets } = ruleAt(busAt(state, input.EventBusName, call), input.Rule);
  for (const id of input.Ids ?? []) targets.delete(id);
  return { FailedEntryCount: 0, FailedEntries: [] };
}

export function listTargetsByRule(
  state: EventBridgeState,
  input: ListTargetsByRuleCommandInput,
  call: Call,
) {
  supportOnly('ListTargetsByRule', input, ['EventBusName', 'Rule']);
  const { targets } = ruleAt(busAt(state, input.EventBusName, call), input.Rule);
  return { Targets: [...targets.values()] };
}

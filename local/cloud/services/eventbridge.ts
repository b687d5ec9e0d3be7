import { randomUUID } from 'node:crypto';
import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { Clock } from '../clock.ts';
import { arnOf } from '../wire/arn.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { assertEntries, type EventEntry, entryError } from './eventbridge/entries.ts';
import {
  type EventPattern,
  InvalidPattern,
  matchesEvent,
  parseEventPattern,
} from './eventbridge/pattern.ts';
import { assertNotTooMany, assertTargets } from './eventbridge/targets.ts';

/** An event, as its targets receive it. */
export type DeliveredEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
};

export type EventBridgeState = {
  readonly operations: Operations;
  /** Every accepted event, also those that no rule matched. */
  readonly events: readonly DeliveredEvent[];
  /** Calls the listener for each event and each target of each matching rule. */
  onDelivery(listener: (delivery: Delivery) => void): void;
};

export type Delivery = {
  readonly ruleArn: string;
  readonly target: EventBridge.Target;
  readonly event: DeliveredEvent;
};

type Rule = {
  readonly name: string;
  readonly arn: string;
  readonly pattern: EventPattern;
  readonly patternText: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  readonly targets: Map<string, EventBridge.Target>;
};

type Bus = { readonly name: string; readonly arn: string; readonly rules: Map<string, Rule> };

/** EventBridge in memory, per account and region. It delivers immediately and in order. */
export function eventbridge(options: { readonly clock: Clock }): EventBridgeState {
  const buses = new Map<string, Bus>();
  const listeners: ((delivery: Delivery) => void)[] = [];
  const events: DeliveredEvent[] = [];

  function busArn(nameOrArn: string | undefined, call: Call): string {
    if (nameOrArn?.startsWith('arn:')) return nameOrArn;
    return arnOf('events', call, `event-bus/${nameOrArn ?? 'default'}`);
  }

  function addBus(name: string, call: Call): Bus {
    const bus = { name, arn: busArn(name, call), rules: new Map() };
    buses.set(bus.arn, bus);
    return bus;
  }

  function findBus(nameOrArn: string | undefined, call: Call): Bus | null {
    const arn = busArn(nameOrArn, call);
    // Every account and region has the default bus from the beginning.
    if (arn === busArn('default', call) && !buses.has(arn)) return addBus('default', call);
    return buses.get(arn) ?? null;
  }

  function busAt(nameOrArn: string | undefined, call: Call): Bus {
    const bus = findBus(nameOrArn, call);
    if (bus) return bus;
    throw new AwsError('ResourceNotFoundException', `Event bus ${nameOrArn} does not exist.`);
  }

  function ruleAt(bus: Bus, name: string | undefined): Rule {
    const rule = bus.rules.get(name ?? '');
    if (rule) return rule;
    throw new AwsError(
      'ResourceNotFoundException',
      `Rule ${name} does not exist on EventBus ${bus.name}.`,
    );
  }

  function putRule(input: EventBridge.PutRuleCommandInput, call: Call) {
    refuseMembers('PutRule', input, ['ScheduleExpression', 'RoleArn', 'Tags']);
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name ?? ''))
      throw validation(
        `1 validation error detected: Value '${input.Name}' at 'name' failed to satisfy constraint`,
      );
    if (!input.EventPattern) throw validation('Parameter(s) EventPattern must be specified.');
    const bus = busAt(input.EventBusName, call);
    const name = input.Name as string;
    const path = bus.name === 'default' ? name : `${bus.name}/${name}`;
    const rule: Rule = {
      name,
      arn: arnOf('events', call, `rule/${path}`),
      pattern: patternOf(input.EventPattern),
      patternText: input.EventPattern,
      description: input.Description,
      enabled: input.State !== 'DISABLED',
      targets: bus.rules.get(name)?.targets ?? new Map(),
    };
    bus.rules.set(name, rule);
    return { RuleArn: rule.arn };
  }

  function putTargets(input: EventBridge.PutTargetsCommandInput, call: Call) {
    const rule = ruleAt(busAt(input.EventBusName, call), input.Rule);
    assertTargets(input.Targets ?? []);
    for (const target of input.Targets ?? []) rule.targets.set(target.Id ?? '', target);
    assertNotTooMany(rule.targets);
    return { FailedEntryCount: 0, FailedEntries: [] };
  }

  function putEvents(input: EventBridge.PutEventsCommandInput, call: Call) {
    if (input.EndpointId) throw notImplemented('PutEvents', 'EndpointId');
    const entries = assertEntries(input.Entries ?? []);
    const results = entries.map((entry) => {
      const error = entryError(entry);
      return error ?? { EventId: accept(entry, call) };
    });
    return {
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results,
    };
  }

  function accept(entry: EventEntry, call: Call): string {
    const event: DeliveredEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': entry.DetailType ?? '',
      source: entry.Source ?? '',
      account: call.account,
      time: (entry.Time ?? options.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
      region: call.region,
      resources: entry.Resources ?? [],
      detail: JSON.parse(entry.Detail ?? '{}'),
    };
    events.push(event);
    // EventBridge drops an event for a bus that does not exist, and answers success (EventBridge User Guide, "Adding Amazon
    // EventBridge events with PutEvents").
    for (const rule of findBus(entry.EventBusName, call)?.rules.values() ?? []) {
      if (!rule.enabled || !matchesEvent(rule.pattern, event)) continue;
      for (const target of rule.targets.values()) {
        for (const listener of listeners) listener({ ruleArn: rule.arn, target, event });
      }
    }
    return event.id;
  }

  const operations = {
    CreateEventBus(input: EventBridge.CreateEventBusCommandInput, call: Call) {
      refuseMembers('CreateEventBus', input, [
        'EventSourceName',
        'KmsKeyIdentifier',
        'DeadLetterConfig',
        'LogConfig',
        'Tags',
      ]);
      const name = input.Name ?? '';
      if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name))
        throw validation(`EventBus name ${name} is not valid.`);
      if (findBus(name, call))
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      return { EventBusArn: addBus(name, call).arn };
    },
    PutRule: putRule,
    ListRules(input: EventBridge.ListRulesCommandInput, call: Call) {
      refuseMembers('ListRules', input, ['Limit', 'NextToken']);
      const bus = busAt(input.EventBusName, call);
      const found = [...bus.rules.values()].filter((rule) =>
        rule.name.startsWith(input.NamePrefix ?? ''),
      );
      return { Rules: found.map((rule) => described(rule, bus)) };
    },
    PutTargets: putTargets,
    RemoveTargets(input: EventBridge.RemoveTargetsCommandInput, call: Call) {
      const rule = ruleAt(busAt(input.EventBusName, call), input.Rule);
      for (const id of input.Ids ?? []) rule.targets.delete(id);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    DeleteRule(input: EventBridge.DeleteRuleCommandInput, call: Call) {
      const bus = findBus(input.EventBusName, call);
      if (bus?.rules.get(input.Name ?? '')?.targets.size) {
        throw validation("Rule can't be deleted since it has targets.");
      }
      bus?.rules.delete(input.Name ?? '');
      return {};
    },
    DeleteEventBus(input: EventBridge.DeleteEventBusCommandInput, call: Call) {
      if (input.Name === 'default') throw validation('Cannot delete event bus default.');
      buses.delete(busArn(input.Name, call));
      return {};
    },
    ListTargetsByRule(input: EventBridge.ListTargetsByRuleCommandInput, call: Call) {
      refuseMembers('ListTargetsByRule', input, ['Limit', 'NextToken']);
      return { Targets: [...ruleAt(busAt(input.EventBusName, call), input.Rule).targets.values()] };
    },
    PutEvents: putEvents,
  };

  return { operations, events, onDelivery: (listener) => void listeners.push(listener) };
}

function described(rule: Rule, bus: Bus) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.patternText,
    State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    Description: rule.description,
    EventBusName: bus.name,
  };
}

function patternOf(text: string): EventPattern {
  try {
    return parseEventPattern(text);
  } catch (error) {
    if (!(error instanceof InvalidPattern)) throw error;
    throw new AwsError('InvalidEventPatternException', error.message);
  }
}

function refuseMembers(operation: string, input: object, members: readonly string[]): void {
  const given = input as Record<string, unknown>;
  const member = members.find((name) => given[name] !== undefined);
  if (member) throw notImplemented(operation, member);
}

function notImplemented(operation: string, member: string): AwsError {
  return new AwsError(
    'NotImplemented',
    `local: ${operation} with ${member} is not implemented`,
    501,
  );
}

function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

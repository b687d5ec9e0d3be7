import { randomUUID } from 'node:crypto';
import type { PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { assertEntries, type EventEntry, entryError } from './entries.ts';
import { matchesEvent } from './pattern.ts';
import { type DeliveredEvent, type EventBridgeState, findBus } from './state.ts';

export function putEvents(state: EventBridgeState, input: PutEventsCommandInput, call: Call) {
  supportOnly('PutEvents', input, ['Entries']);
  const results = assertEntries(input.Entries ?? []).map(
    (entry) => entryError(entry) ?? { EventId: accept(state, entry, call) },
  );
  return {
    FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
    Entries: results,
  };
}

function accept(state: EventBridgeState, entry: EventEntry, call: Call): string {
  const event: DeliveredEvent = {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: call.account,
    time: (entry.Time ?? state.clock.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: call.region,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}'),
  };
  state.events.push(event);
  // EventBridge drops an event for a bus that does not exist, and answers success (EventBridge User Guide, "Adding Amazon
  // EventBridge events with PutEvents").
  for (const rule of findBus(state, entry.EventBusName, call)?.rules.values() ?? []) {
    if (!rule.enabled || !matchesEvent(rule.pattern, event)) continue;
    for (const target of rule.targets.values()) {
      for (const listener of state.listeners) listener({ ruleArn: rule.arn, target, event });
    }
  }
  return event.id;
}

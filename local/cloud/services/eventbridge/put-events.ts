import type { PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { deliver, eventOf } from './deliver.ts';
import { assertEntries, type EventEntry, entryError } from './entries.ts';
import type { EventBridgeState } from './state.ts';

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
  const event = eventOf(call, {
    detailType: entry.DetailType ?? '',
    source: entry.Source ?? '',
    at: entry.Time ?? state.clock.now(),
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail ?? '{}'),
  });
  deliver(state, event, entry.EventBusName, call);
  return event.id;
}

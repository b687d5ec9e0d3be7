import { randomUUID } from 'node:crypto';
import type { Place } from '../../wire/place.ts';
import { matchesEvent } from './pattern.ts';
import { type DeliveredEvent, type EventBridgeState, findBus } from './state.ts';

/** The parts of an event that its sender gives. */
export type EventParts = Pick<DeliveredEvent, 'source' | 'resources' | 'detail'> & {
  readonly detailType: string;
  readonly at: Date;
};

export function eventOf(
  { account, region }: Place,
  { at, detail, detailType, resources, source }: EventParts,
): DeliveredEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account,
    time: at.toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region,
    resources,
    detail,
  };
}

/** Passes an event to every target of every rule that it matches, and remembers it. */
export function deliver(
  state: EventBridgeState,
  event: DeliveredEvent,
  busNameOrArn: string | undefined,
  place: Place,
): void {
  state.events.push(event);
  // EventBridge drops an event for a bus that does not exist, and answers success (EventBridge User Guide, "Adding Amazon
  // EventBridge events with PutEvents").
  for (const rule of findBus(state, busNameOrArn, place)?.rules.values() ?? []) {
    if (!rule.enabled || !matchesEvent(rule.pattern, event)) continue;
    for (const target of rule.targets.values()) {
      for (const listener of state.listeners) listener({ ruleArn: rule.arn, target, event });
    }
  }
}

import type { Clock } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';
import type { Operations } from '../../wire/service.ts';
import { createEventBus, deleteEventBus } from './buses.ts';
import { deliver, type EventParts, eventOf } from './deliver.ts';
import { putEvents } from './put-events.ts';
import {
  deleteRule,
  listRules,
  listTargetsByRule,
  putRule,
  putTargets,
  removeTargets,
} from './rules.ts';
import { type DeliveredEvent, type Delivery, type EventBridgeState, findBus } from './state.ts';

export type EventBridge = {
  readonly operations: Operations;
  /** Every accepted event, also those that no rule matched. */
  readonly events: readonly DeliveredEvent[];
  /** Calls the listener for each event and each target of each matching rule. */
  onDelivery(listener: (delivery: Delivery) => void): void;
  /** An event of a service of AWS, which goes to the default bus. */
  emit(place: Place, event: EventParts): void;
  /** Says whether any event on the default bus could match. */
  hasRules(place: Place): boolean;
};

/** EventBridge in memory, per account and region. It delivers immediately and in order. */
export function eventbridge({ clock }: { readonly clock: Clock }): EventBridge {
  const state: EventBridgeState = { clock, buses: new Map(), events: [], listeners: [] };
  return {
    operations: {
      CreateEventBus: (input, call) => createEventBus(state, input, call),
      DeleteEventBus: (input, call) => deleteEventBus(state, input, call),
      PutRule: (input, call) => putRule(state, input, call),
      ListRules: (input, call) => listRules(state, input, call),
      DeleteRule: (input, call) => deleteRule(state, input, call),
      PutTargets: (input, call) => putTargets(state, input, call),
      RemoveTargets: (input, call) => removeTargets(state, input, call),
      ListTargetsByRule: (input, call) => listTargetsByRule(state, input, call),
      PutEvents: (input, call) => putEvents(state, input, call),
    },
    events: state.events,
    onDelivery: (listener) => void state.listeners.push(listener),
    emit: (place, event) => deliver(state, eventOf(place, event), 'default', place),
    hasRules: (place) => (findBus(state, 'default', place)?.rules.size ?? 0) > 0,
  };
}

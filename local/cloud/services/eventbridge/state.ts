import type { Target } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../../clock.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Place } from '../../wire/place.ts';
import { AwsError } from '../../wire/service.ts';
import type { EventPattern } from './pattern.ts';

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

export type Delivery = {
  readonly ruleArn: string;
  readonly target: Target;
  readonly event: DeliveredEvent;
};

export type Rule = {
  readonly name: string;
  readonly arn: string;
  readonly pattern: EventPattern;
  readonly patternText: string;
  readonly description: string | undefined;
  readonly enabled: boolean;
  readonly targets: Map<string, Target>;
};

export type Bus = {
  readonly name: string;
  readonly arn: string;
  readonly rules: Map<string, Rule>;
};

export type EventBridgeState = {
  readonly clock: Clock;
  /** The buses of all accounts and regions by their ARN. */
  readonly buses: Map<string, Bus>;
  /** Every accepted event, also those that no rule matched. */
  readonly events: DeliveredEvent[];
  readonly listeners: ((delivery: Delivery) => void)[];
};

export function busArn(nameOrArn: string | undefined, place: Place): string {
  if (nameOrArn?.startsWith('arn:')) return nameOrArn;
  return arnOf('events', place, `event-bus/${nameOrArn ?? 'default'}`);
}

export function addBus(state: EventBridgeState, name: string, place: Place): Bus {
  const bus = { name, arn: busArn(name, place), rules: new Map() };
  state.buses.set(bus.arn, bus);
  return bus;
}

export function findBus(
  state: EventBridgeState,
  nameOrArn: string | undefined,
  place: Place,
): Bus | null {
  const arn = busArn(nameOrArn, place);
  // Every account and region has the default bus from the beginning.
  if (arn === busArn('default', place) && !state.buses.has(arn)) {
    return addBus(state, 'default', place);
  }
  return state.buses.get(arn) ?? null;
}

export function busAt(state: EventBridgeState, nameOrArn: string | undefined, place: Place): Bus {
  const bus = findBus(state, nameOrArn, place);
  if (bus) return bus;
  throw new AwsError('ResourceNotFoundException', `Event bus ${nameOrArn} does not exist.`);
}

export function ruleAt(bus: Bus, name: string | undefined): Rule {
  const rule = bus.rules.get(name ?? '');
  if (rule) return rule;
  throw new AwsError(
    'ResourceNotFoundException',
    `Rule ${name} does not exist on EventBus ${bus.name}.`,
  );
}

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

import type {
  CreateEventBusCommandInput,
  DeleteEventBusCommandInput,
} from '@aws-sdk/client-eventbridge';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { addBus, busArn, type EventBridgeState, findBus, validation } from './state.ts';

export function createEventBus(
  state: EventBridgeState,
  input: CreateEventBusCommandInput,
  call: Call,
) {
  supportOnly('CreateEventBus', input, ['Name', 'Description']);
  const name = input.Name ?? '';
  if (!/^[.\-_A-Za-z0-9]{1,256}$/.test(name)) {
    throw validation(`EventBus name ${name} is not valid.`);
  }
  if (findBus(state, name, call)) {
    throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
  }
  return { EventBusArn: addBus(state, name, call).arn };
}

export function deleteEventBus(
  state: EventBridgeState,
  { Name }: DeleteEventBusCommandInput,
  call: Call,
) {
  if (Name === 'default') throw validation('Cannot delete event bus default.');
  state.buses.delete(busArn(Name, call));
  return {};
}

import type { PutEventsCommandInput, PutTargetsCommandInput } from '@aws-sdk/client-eventbridge';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Reference } from './reference.ts';
import type { Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const eventsReference: Reference = {
  service: 'events',
  resource: ({ EventBusName, Name, Rule }: BusOrRule, asker, operation) =>
    operation.endsWith('EventBus')
      ? busArn(Name, asker)
      : ruleArn(EventBusName, Rule ?? Name, asker),
  values: ({ Targets = [] }: Partial<PutTargetsCommandInput>) => ({
    'events:TargetArn': Targets.map(({ Arn = '' }) => Arn),
  }),
};

type BusOrRule = {
  readonly EventBusName?: string;
  readonly Name?: string;
  readonly Rule?: string;
};

export const eventsTable: Table = {
  PutEvents: ({ Entries = [] }: PutEventsCommandInput, asker) =>
    Entries.map(({ EventBusName, Source = '', DetailType = '' }) => ({
      action: 'events:PutEvents',
      resource: busArn(EventBusName, asker),
      context: {
        'events:source': [Source],
        'events:detail-type': [DetailType],
        'events:eventBusInvocation': 'false',
      },
    })),
};

function busArn(nameOrArn: string | undefined, asker: Asker): string {
  if (nameOrArn?.startsWith('arn:')) return nameOrArn;
  return arnOf('events', asker, `event-bus/${nameOrArn ?? 'default'}`);
}

/** The ARN of a rule on the default bus does not name the bus. */
function ruleArn(bus: string | undefined, rule: string | undefined, asker: Asker): string {
  const name = busArn(bus, asker).split(':event-bus/')[1];
  return arnOf('events', asker, name === 'default' ? `rule/${rule}` : `rule/${name}/${rule}`);
}

import type {
  CreateEventBusCommandInput,
  DeleteEventBusCommandInput,
  PutEventsCommandInput,
  PutRuleCommandInput,
  PutTargetsCommandInput,
} from '@aws-sdk/client-eventbridge';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import { onAll, type Row, requestTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const eventsTable: Table = {
  CreateEventBus: ({ Name, Tags }: CreateEventBusCommandInput, asker) => [
    {
      action: 'events:CreateEventBus',
      resource: busArn(Name, asker),
      context: requestTags(Tags),
    },
  ],
  DeleteEventBus: ({ Name }: DeleteEventBusCommandInput, asker) => [
    { action: 'events:DeleteEventBus', resource: busArn(Name, asker) },
  ],
  PutRule: (input: PutRuleCommandInput, asker) => [
    {
      action: 'events:PutRule',
      resource: ruleArn(input.EventBusName, input.Name, asker),
      context: requestTags(input.Tags),
    },
  ],
  ListRules: onAll('events:ListRules'),
  PutTargets: (input: PutTargetsCommandInput, asker) => [
    {
      action: 'events:PutTargets',
      resource: ruleArn(input.EventBusName, input.Rule, asker),
      context: { 'events:TargetArn': (input.Targets ?? []).map(({ Arn = '' }) => Arn) },
    },
  ],
  RemoveTargets: onRule('events:RemoveTargets'),
  DeleteRule: onRule('events:DeleteRule'),
  ListTargetsByRule: onRule('events:ListTargetsByRule'),
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

type RuleInput = {
  readonly EventBusName?: string;
  readonly Name?: string;
  readonly Rule?: string;
};

function onRule(action: string): Row {
  return ({ EventBusName, Name, Rule }: RuleInput, asker) => [
    { action, resource: ruleArn(EventBusName, Name ?? Rule, asker) },
  ];
}

function busArn(nameOrArn: string | undefined, asker: Asker): string {
  if (nameOrArn?.startsWith('arn:')) return nameOrArn;
  return arnOf('events', asker, `event-bus/${nameOrArn ?? 'default'}`);
}

/** The ARN of a rule on the default bus does not name the bus. */
function ruleArn(bus: string | undefined, rule: string | undefined, asker: Asker): string {
  const name = busArn(bus, asker).split(':event-bus/')[1];
  return arnOf('events', asker, name === 'default' ? `rule/${rule}` : `rule/${name}/${rule}`);
}

import * as z from 'zod';
import { arnOf } from '../../wire/arn.ts';
import { ask, type Call, type Operations } from '../../wire/service.ts';
import { policyDocument, provider } from '../provider.ts';

const busProperties = z.strictObject({ Name: z.string(), Description: z.string().optional() });

export const eventBus = provider<z.output<typeof busProperties>>({
  properties: busProperties,
  identity: ['Name'],
  put({ Name }, { call, cloud }, before) {
    if (!before) ask(cloud.events, 'CreateEventBus', { Name }, call);
    return { ref: Name, attributes: { Arn: busArn(Name, call), Name } };
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.events, 'DeleteEventBus', { Name: placed.ref }, call);
  },
});

function busArn(name: string, call: Call): string {
  return arnOf('events', call, `event-bus/${name}`);
}

const busPolicyProperties = z.strictObject({
  EventBusName: z.string(),
  StatementId: z.string(),
  Statement: policyDocument,
});

/** One statement of a bus's policy. */
export const eventBusPolicy = provider<z.output<typeof busPolicyProperties>>({
  properties: busPolicyProperties,
  identity: ['EventBusName', 'StatementId'],
  put({ EventBusName, StatementId, Statement }, { call, cloud }) {
    const statement = { ...Statement, Sid: StatementId };
    cloud.policies.putStatement(busArn(EventBusName, call), StatementId, statement);
    return { ref: `${EventBusName}|${StatementId}` };
  },
  remove({ properties }, { call, cloud }) {
    const { EventBusName, StatementId } = properties;
    cloud.policies.putStatement(busArn(EventBusName, call), StatementId, null);
  },
});

const target = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: z.record(z.string(), z.string()).optional(),
      InputTemplate: z.string(),
    })
    .optional(),
  RetryPolicy: z
    .strictObject({
      MaximumEventAgeInSeconds: z.number().optional(),
      MaximumRetryAttempts: z.number().optional(),
    })
    .optional(),
});

const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().default('default'),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(target).default([]),
});

type RuleProperties = z.output<typeof ruleProperties>;

export const rule = provider<RuleProperties>({
  properties: ruleProperties,
  identity: ['Name', 'EventBusName'],
  put(properties, { call, cloud, madeName }, before) {
    const { EventBusName, EventPattern, Name = madeName, Targets, ...settings } = properties;
    if (before) removeTargets(before.properties, Name, cloud.events, call);
    const pattern = JSON.stringify(EventPattern);
    const input = { ...settings, EventBusName, EventPattern: pattern, Name };
    const { RuleArn } = ask<{ readonly RuleArn: string }>(cloud.events, 'PutRule', input, call);
    if (Targets.length > 0) {
      ask(cloud.events, 'PutTargets', { EventBusName, Rule: Name, Targets }, call);
    }
    const ref = EventBusName === 'default' ? Name : `${EventBusName}|${Name}`;
    return { ref, attributes: { Arn: RuleArn } };
  },
  remove({ placed, properties }, { call, cloud }) {
    const Name = placed.ref.split('|').at(-1) ?? '';
    removeTargets(properties, Name, cloud.events, call);
    ask(cloud.events, 'DeleteRule', { EventBusName: properties.EventBusName, Name }, call);
  },
});

function removeTargets(
  { EventBusName, Targets }: RuleProperties,
  Rule: string,
  events: { readonly operations: Operations },
  call: Call,
): void {
  const Ids = Targets.map(({ Id }) => Id);
  if (Ids.length > 0) ask(events, 'RemoveTargets', { EventBusName, Rule, Ids }, call);
}

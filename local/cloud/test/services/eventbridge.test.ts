import * as eventBridgeModule from '@aws-sdk/client-eventbridge';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { faultInjection } from '#cloud/faults.ts';
import { eventbridge } from '#cloud/services/eventbridge/service.ts';
import type { DeliveredEvent } from '#cloud/services/eventbridge/state.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type AwsFront, startAwsFront } from '#cloud/wire/front.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';

const region = 'eu-west-1';
const arn = `arn:aws:lambda:${region}:000000000000:function:certkeep-alert`;
const delivered: { readonly arn: string; readonly event: DeliveredEvent }[] = [];
let front: AwsFront;
let client: EventBridgeClient;

beforeAll(async () => {
  const state = eventbridge({ clock: virtualClock(new Date('2026-11-22T03:00:00.123Z')) });
  state.onDelivery(({ target, event }) => void delivered.push({ arn: target.Arn ?? '', event }));
  front = await startAwsFront({
    services: [serviceOf('events', eventBridgeModule, EventBridgeClient, state.operations)],
    faults: faultInjection(),
    callerOf: () => null,
  });
  client = new EventBridgeClient({
    endpoint: front.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await client.send(new CreateEventBusCommand({ Name: 'certkeep' }));
  const EventPattern = JSON.stringify({ source: ['certkeep'], detail: { kind: ['issued'] } });
  await client.send(new PutRuleCommand({ Name: 'r', EventBusName: 'certkeep', EventPattern }));
  const Targets = [{ Id: 'alert', Arn: arn }];
  await client.send(new PutTargetsCommand({ Rule: 'r', EventBusName: 'certkeep', Targets }));
});

afterAll(async () => {
  client.destroy();
  await front.close();
});

const issued: PutEventsRequestEntry = {
  EventBusName: 'certkeep',
  Source: 'certkeep',
  DetailType: 'certificate issued',
  Detail: JSON.stringify({ kind: 'issued', certificate: 'shop' }),
};

function put(...Entries: PutEventsRequestEntry[]) {
  return client.send(new PutEventsCommand({ Entries }));
}

describe('an event', () => {
  it('reaches the target of a rule it matches, in the shape that functions know', async () => {
    delivered.length = 0;
    const { Entries } = await put(issued);
    const { EventId: id } = Entries?.[0] ?? {};
    const event = {
      version: '0',
      id,
      'detail-type': 'certificate issued',
      source: 'certkeep',
      account: '000000000000',
      time: '2026-11-22T03:00:00Z',
      region,
      resources: [],
      detail: { kind: 'issued', certificate: 'shop' },
    };
    expect(delivered).toEqual([{ arn, event }]);
  });

  it.each<[string, Partial<PutEventsRequestEntry>]>([
    ['that does not match', { Detail: '{"kind":"failed"}' }],
    ['on the default bus', { EventBusName: 'default' }],
    ['on a bus that does not exist, which AWS drops with success', { EventBusName: 'lost' }],
  ])('%s reaches nobody', async (_, change) => {
    delivered.length = 0;
    expect(await put({ ...issued, ...change })).toMatchObject({ FailedEntryCount: 0 });
    expect(delivered).toEqual([]);
  });
});

test('a rule with a schedule is not implemented', async () => {
  const scheduled = new PutRuleCommand({ Name: 'x', ScheduleExpression: 'rate(1 hour)' });
  await expect(client.send(scheduled)).rejects.toMatchObject({ name: 'NotImplemented' });
});

import * as eventsModule from '@aws-sdk/client-eventbridge';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { eventbridge } from 'local-cloud/services/eventbridge/service.ts';
import type { DeliveredEvent } from 'local-cloud/services/eventbridge/state.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventBridgeBus } from '#shared/adapters/eventbridge-bus.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const busName = 'certkeep';
const delivered: DeliveredEvent[] = [];
let front: LocalFront;
let client: EventBridgeClient;

beforeAll(async () => {
  const state = eventbridge({ clock: virtualClock() });
  state.onDelivery(({ event }) => void delivered.push(event));
  front = await localFront([
    serviceOf('events', eventsModule, EventBridgeClient, state.operations),
  ]);
  client = new EventBridgeClient(localClientOptions(front));
  await client.send(new CreateEventBusCommand({ Name: busName }));
  const EventPattern = JSON.stringify({ source: ['certkeep'], 'detail-type': ['issued'] });
  await client.send(new PutRuleCommand({ Name: 'r', EventBusName: busName, EventPattern }));
  const Targets = [{ Id: 't', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:sync' }];
  await client.send(new PutTargetsCommand({ Rule: 'r', EventBusName: busName, Targets }));
});

beforeEach(() => {
  delivered.length = 0;
});

afterAll(async () => {
  client.destroy();
  await front.close();
});

function issued(id: string): LedgerEvent {
  const at = '2026-11-22T03:00:00Z';
  const summary = 'shop was issued';
  return { id, type: 'issued', at, certificate: 'shop', severity: 'info', summary, details: {} };
}

test('an event arrives whole, under our source and its type', async () => {
  await eventBridgeBus({ client, busName }).publish([issued('e1')]);
  expect(delivered).toMatchObject([
    {
      source: 'certkeep',
      'detail-type': 'issued',
      time: '2026-11-22T03:00:00Z',
      detail: { events: [issued('e1')] },
    },
  ]);
});

function idsIn({ detail }: DeliveredEvent): readonly string[] {
  return (detail as { events: readonly LedgerEvent[] }).events.map(({ id }) => id);
}

test('a thousand events leave in a few entries, none larger than the smallest limit, and all arrive', async () => {
  const before = front.faults.calls.length;
  const summary = 'x'.repeat(400);
  const events = Array.from({ length: 1_000 }, (_, n) => ({ ...issued(`e${n}`), summary }));
  await eventBridgeBus({ client, busName }).publish(events);
  expect(delivered.flatMap(idsIn)).toEqual(events.map(({ id }) => id));
  expect(delivered).toHaveLength(3);
  const sizes = delivered.map(({ detail }) => JSON.stringify(detail).length);
  expect(Math.max(...sizes)).toBeLessThan(256_000 * 0.8);
  expect(front.faults.calls.length - before).toBe(3);
});

test('events of several types travel apart, and small entries in one call', async () => {
  const before = front.faults.calls.length;
  const served = { ...issued('e2'), type: 'served' as const };
  await eventBridgeBus({ client, busName }).publish([issued('e1'), served, issued('e3')]);
  // The rule of this bus asks for what was issued only.
  expect(delivered.map(idsIn)).toEqual([['e1', 'e3']]);
  expect(front.faults.calls.length - before).toBe(1);
});

test('no events are no call', async () => {
  const before = front.faults.calls.length;
  await eventBridgeBus({ client, busName }).publish([]);
  expect(front.faults.calls).toHaveLength(before);
});

test('entries refused inside a successful answer are an error that counts their events', async () => {
  const refusing = {
    send: async () => ({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'InternalFailure' }, { EventId: 'x' }],
    }),
  };
  const bus = eventBridgeBus({ client: refusing as unknown as EventBridgeClient, busName });
  const served = { ...issued('e3'), type: 'served' as const };
  await expect(bus.publish([issued('e1'), issued('e2'), served])).rejects.toMatchObject({
    name: 'EventsNotPublished',
    retryable: true,
    message: 'certkeep refused 2 of 3 events: InternalFailure',
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wiring } from '#local/runtime/wiring-types.ts';
import { hourMs, minuteMs } from '#shared/clock.ts';
import { call, type Dispatched, dispatched, wiring } from './fixtures/dispatched.ts';

let cloud: Dispatched;

beforeEach(() => {
  cloud = dispatched();
});

afterEach(() => cloud.dispatcher.stop());

describe('an event', () => {
  const entry = { EventBusName: 'certkeep', Source: 'certkeep', DetailType: 'x', Detail: '{}' };
  const put = () => cloud.events.operations.PutEvents?.({ Entries: [entry] }, call);

  it('reaches the function of its rule', async () => {
    const seen: unknown[] = [];
    cloud.handlers.alert = async (event) => void seen.push(event);
    put();
    await cloud.dispatcher.settle();
    expect(seen).toMatchObject([{ source: 'certkeep', detail: {} }]);
  });

  it('is tried again after one minute and after two more, and is dead then', async () => {
    let tries = 0;
    cloud.handlers.alert = async () => {
      tries += 1;
      throw new Error('the inbox is closed');
    };
    const triesAfter: number[] = [];
    put();
    for (const ms of [0, minuteMs - 1, 1, 2 * minuteMs, hourMs]) {
      cloud.clock.advance(ms);
      await cloud.dispatcher.settle();
      triesAfter.push(tries);
    }
    expect(triesAfter).toEqual([1, 1, 2, 3, 3]);
    expect(cloud.dispatcher.deadEvents).toMatchObject([
      { functionName: 'alert', error: { message: 'the inbox is closed' } },
    ]);
  });
});

describe('a schedule', () => {
  it('begins at once, goes on at its rate, and makes up for missed occurrences with one', async () => {
    const inputs: unknown[] = [];
    cloud.handlers.check = async (input) => void inputs.push(input);
    const countsAfter: number[] = [];
    cloud.dispatcher.startSchedules();
    for (const ms of [0, hourMs - 1, 1, 5 * hourMs, hourMs]) {
      cloud.clock.advance(ms);
      await cloud.dispatcher.settle();
      countsAfter.push(inputs.length);
    }
    expect(countsAfter).toEqual([1, 1, 2, 3, 4]);
    expect(inputs[0]).toEqual({ scheduled: true });
  });
});

describe('wiring that AWS would refuse', () => {
  const [source] = wiring.queueSources as [Wiring['queueSources'][number]];

  it.each<[string, Partial<Wiring>, RegExp]>([
    ['a missing queue', { queueSources: [{ ...source, queue: 'x' }] }, /no queue "x"/],
    ['a missing function', { queueSources: [{ ...source, function: 'x' }] }, /no function "x"/],
    ['a concurrency of 1', { queueSources: [{ ...source, maxConcurrency: 1 }] }, /between 2 and/],
    ['a missing bus', { eventRules: [{ bus: 'x', pattern: {}, function: 'alert' }] }, /bus x/],
  ])('is refused for %s', (_, change, message) => {
    expect(() => cloud.start({ ...wiring, ...change })).toThrow(message);
  });

  it('is refused for a visibility shorter than the function may run', () => {
    cloud.queue.setAttributes({ VisibilityTimeout: '149' });
    expect(() => cloud.start(wiring)).toThrow(/149 seconds is less than .* 150 seconds/);
  });
});

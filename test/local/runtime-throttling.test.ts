import { afterEach, describe, expect, it } from 'vitest';
import { newAccountExecutions } from '#local/runtime/throttling.ts';
import { putInvokeConfig } from '#local/services/lambda/functions.ts';
import { hourMs, minuteMs, secondMs } from '#shared/clock.ts';
import { deployedFunction } from './fixtures/deployed-function.ts';
import { type Dispatched, dispatched, hourly, region } from './fixtures/dispatched.ts';

let cloud: Dispatched;

afterEach(() => cloud.dispatcher.stop());

/** Executions of `check` that last until they are let go. */
async function occupy(count: number): Promise<() => Promise<void>> {
  const gate = Promise.withResolvers<void>();
  cloud.handlers.check = () => gate.promise;
  const running = Array.from({ length: count }, () => cloud.dispatcher.invoke('check', {}));
  await turns();
  return async () => {
    gate.resolve();
    await Promise.all(running);
  };
}

/** Lets what has begun go as far as it can without anybody's clock. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

/** A look, though something runs that does not end by itself. */
async function look(): Promise<void> {
  void cloud.dispatcher.settle();
  await turns();
}

function send(group = 'shop'): void {
  cloud.queue.send({ body: group, groupId: group, deduplicationId: group, senderId: 'test' });
}

const refusal = { ok: false, isThrottled: true, error: { name: 'TooManyRequestsException' } };
const receives = () => cloud.queue.messages().map(({ receiveCount }) => receiveCount);

describe('a synchronous invocation', () => {
  it('is refused where the account runs ten, whichever functions they are', async () => {
    cloud = dispatched();
    const release = await occupy(newAccountExecutions);
    expect(await cloud.dispatcher.invoke('alert', {})).toMatchObject(refusal);
    await release();
    expect(await cloud.dispatcher.invoke('alert', {})).toMatchObject({ ok: true });
  });

  it('counts until its execution has ended, however that ends', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    cloud.handlers.alert = async () => {
      throw new Error('no');
    };
    expect(await cloud.dispatcher.invoke('alert', {})).toMatchObject({ error: { message: 'no' } });
    expect(await cloud.dispatcher.invoke('alert', {})).toMatchObject({ error: { message: 'no' } });
  });
});

describe('a throttled delivery', () => {
  it('has been received, and is tried again with growing waits while the message is hidden', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const release = await occupy(1);
    let runs = 0;
    cloud.handlers.issue = async () => void (runs += 1);
    send();
    await look();
    expect(receives()).toEqual([1]);
    for (const ms of [1, 2, 4, 8].map((each) => each * secondMs)) {
      cloud.clock.advance(ms);
      await look();
    }
    expect(receives()).toEqual([1]);
    await release();
    await cloud.dispatcher.settle();
    expect({ runs, left: cloud.queue.messages() }).toEqual({ runs: 1, left: [] });
  });

  it('is dropped when the visibility ends, and received once more', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const release = await occupy(1);
    send();
    await look();
    cloud.clock.advance(900 * secondMs);
    await look();
    expect(receives()).toEqual([2]);
    await release();
  });

  it('goes to the dead letters after as many receives as the queue allows', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const dead = cloud.queues.createQueue(region, 'dead.fifo', { FifoQueue: 'true' });
    const redrive = { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 };
    cloud.queue.setAttributes({ RedrivePolicy: JSON.stringify(redrive) });
    const release = await occupy(1);
    send();
    for (let round = 0; round < 3; round += 1) {
      await look();
      cloud.clock.advance(900 * secondMs);
    }
    expect(receives()).toEqual([]);
    expect(dead.messages()).toMatchObject([{ body: 'shop' }]);
    await release();
  });

  it('counts among those that a mapping may have at once', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const release = await occupy(1);
    for (const group of ['a', 'b', 'c']) send(group);
    await look();
    expect(receives()).toEqual([1, 1, 0]);
    await release();
    await cloud.dispatcher.settle();
    expect(receives()).toEqual([]);
  });
});

describe('a throttled asynchronous invocation', () => {
  const { arn } = deployedFunction('certkeep-alert');

  it('is tried again after 1, 2, 4 seconds and so on, and none of them is a retry of the function', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 0, maxAgeMs: hourMs, onFailureArn: null });
    let runs = 0;
    cloud.handlers.alert = async () => void (runs += 1);
    const release = await occupy(1);
    cloud.dispatcher.invokeLater('alert', {});
    await look();
    for (const ms of [1, 2, 4].map((each) => each * secondMs)) {
      cloud.clock.advance(ms);
      await look();
    }
    await release();
    cloud.clock.advance(8 * secondMs - 1);
    await look();
    expect(runs).toBe(0);
    cloud.clock.advance(1);
    await cloud.dispatcher.settle();
    expect({ runs, dead: cloud.dispatcher.deadEvents }).toEqual({ runs: 1, dead: [] });
  });

  it('is waited for at most five minutes at a time', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    let runs = 0;
    cloud.handlers.alert = async () => void (runs += 1);
    const release = await occupy(1);
    cloud.dispatcher.invokeLater('alert', {});
    for (let round = 0; round < 20; round += 1) {
      await look();
      cloud.clock.advance(5 * minuteMs);
    }
    await release();
    const before = cloud.clock.now().getTime();
    await cloud.dispatcher.settle();
    expect(runs).toBe(1);
    expect(cloud.clock.now().getTime() - before).toBeLessThanOrEqual(5 * minuteMs);
  });

  it('is given up when it is as old as an event may be, and its record tells of no answer', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const onFailureArn = hourly.target.deadLetterArn;
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 2, maxAgeMs: 2 * minuteMs, onFailureArn });
    const release = await occupy(1);
    cloud.dispatcher.invokeLater('alert', { some: 'event' });
    for (let round = 0; round < 3; round += 1) {
      await look();
      cloud.clock.advance(minuteMs);
    }
    await release();
    await cloud.dispatcher.settle();
    const [record] = cloud.queues.queue(region, 'dead-events')?.messages() ?? [];
    expect(JSON.parse(record?.body ?? '{}')).toEqual({
      version: '1.0',
      timestamp: expect.any(String),
      requestContext: expect.objectContaining({ condition: 'EventAgeExceeded' }),
      requestPayload: { some: 'event' },
    });
  });
});

it('an account of another region has executions of its own', async () => {
  cloud = dispatched({ concurrentExecutions: 1 });
  const there = deployedFunction('certkeep-answer', { region: 'us-east-1' });
  cloud.lambda.functions.set(there.arn, there);
  const release = await occupy(1);
  expect(await cloud.dispatcher.invoke('answer', {})).toMatchObject({ ok: true });
  await release();
});

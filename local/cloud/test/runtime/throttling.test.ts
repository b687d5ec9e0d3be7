import { afterEach, describe, expect, it } from 'vitest';
import { secondMs } from '#cloud/clock.ts';
import { newAccountExecutions } from '#cloud/runtime/throttling.ts';
import { countRuns, lookAfter, occupy } from '../fixtures/busy.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';
import { type Dispatched, dispatched, region } from '../fixtures/dispatched.ts';

let cloud: Dispatched;

afterEach(() => cloud.dispatcher.stop());

function send(group = 'shop'): void {
  cloud.queue.send({ body: group, groupId: group, deduplicationId: group, senderId: 'test' });
}

const refusal = { ok: false, isThrottled: true, error: { name: 'TooManyRequestsException' } };
const receives = () => cloud.queue.messages().map(({ receiveCount }) => receiveCount);

describe('a synchronous invocation', () => {
  it('is refused where the account runs ten, whichever functions they are', async () => {
    cloud = dispatched();
    const release = await occupy(cloud, newAccountExecutions);
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
    const release = await occupy(cloud);
    const runs = countRuns(cloud, 'issue');
    send();
    await lookAfter(cloud, 0);
    expect(receives()).toEqual([1]);
    for (const ms of [1, 2, 4, 8].map((each) => each * secondMs)) {
      await lookAfter(cloud, ms);
    }
    expect(receives()).toEqual([1]);
    await release();
    await cloud.dispatcher.settle();
    expect({ runs: runs(), left: cloud.queue.messages() }).toEqual({ runs: 1, left: [] });
  });

  it('is dropped when the visibility ends, and received once more', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const release = await occupy(cloud);
    send();
    await lookAfter(cloud, 0);
    await lookAfter(cloud, 900 * secondMs);
    expect(receives()).toEqual([2]);
    await release();
  });

  it('goes to the dead letters after as many receives as the queue allows', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const dead = cloud.queues.createQueue(region, 'dead.fifo', { FifoQueue: 'true' });
    const redrive = { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 };
    cloud.queue.setAttributes({ RedrivePolicy: JSON.stringify(redrive) });
    const release = await occupy(cloud);
    send();
    for (let round = 0; round < 3; round += 1) {
      await lookAfter(cloud, 900 * secondMs);
    }
    expect(receives()).toEqual([]);
    expect(dead.messages()).toMatchObject([{ body: 'shop' }]);
    await release();
  });

  it('counts among those that a mapping may have at once', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const release = await occupy(cloud);
    for (const group of ['a', 'b', 'c']) send(group);
    await lookAfter(cloud, 0);
    expect(receives()).toEqual([1, 1, 0]);
    await release();
    await cloud.dispatcher.settle();
    expect(receives()).toEqual([]);
  });
});

it('an account of another region has executions of its own', async () => {
  cloud = dispatched({ concurrentExecutions: 1 });
  const there = deployedFunction('certkeep-answer', { region: 'us-east-1' });
  cloud.lambda.functions.set(there.arn, there);
  const release = await occupy(cloud);
  expect(await cloud.dispatcher.invoke('answer', {})).toMatchObject({ ok: true });
  await release();
});

import { afterEach, describe, expect, it } from 'vitest';
import { hourMs, minuteMs, secondMs } from '#cloud/clock.ts';
import { putInvokeConfig } from '#cloud/services/lambda/functions.ts';
import { countRuns, lookAfter, occupy } from '../fixtures/busy.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';
import { type Dispatched, dispatched, hourly, region } from '../fixtures/dispatched.ts';

let cloud: Dispatched;

afterEach(() => cloud.dispatcher.stop());

describe('a throttled asynchronous invocation', () => {
  const { arn } = deployedFunction('certkeep-alert');

  it('is tried again after 1, 2, 4 seconds and so on, and none of them is a retry of the function', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 0, maxAgeMs: hourMs, onFailureArn: null });
    const ranAtMs: number[] = [];
    cloud.handlers.alert = async () => void ranAtMs.push(cloud.clock.now().getTime());
    const release = await occupy(cloud);
    const begunMs = cloud.clock.now().getTime();
    cloud.dispatcher.invokeLater('alert', {});
    await lookAfter(cloud, 0);
    for (const ms of [1, 2, 4].map((each) => each * secondMs)) {
      await lookAfter(cloud, ms);
    }
    await release();
    await cloud.dispatcher.settle();
    expect(ranAtMs.map((ms) => ms - begunMs)).toEqual([15 * secondMs]);
    expect(cloud.dispatcher.deadEvents).toEqual([]);
  });

  it('is waited for at most five minutes at a time', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const runs = countRuns(cloud, 'alert');
    const release = await occupy(cloud);
    cloud.dispatcher.invokeLater('alert', {});
    for (let round = 0; round < 20; round += 1) {
      await lookAfter(cloud, 5 * minuteMs);
    }
    await release();
    const before = cloud.clock.now().getTime();
    await cloud.dispatcher.settle();
    expect(runs()).toBe(1);
    expect(cloud.clock.now().getTime() - before).toBeLessThanOrEqual(5 * minuteMs);
  });

  it('is given up when it is as old as an event may be, and its record tells of no answer', async () => {
    cloud = dispatched({ concurrentExecutions: 1 });
    const onFailureArn = hourly.target.deadLetterArn;
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 2, maxAgeMs: 2 * minuteMs, onFailureArn });
    const release = await occupy(cloud);
    cloud.dispatcher.invokeLater('alert', { some: 'event' });
    for (let round = 0; round < 3; round += 1) {
      await lookAfter(cloud, minuteMs);
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

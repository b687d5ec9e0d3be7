import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secondMs } from '#cloud/clock.ts';
import { everyRight } from '#cloud/runtime/rights.ts';
import { type Dispatched, dispatched, region } from '../fixtures/dispatched.ts';

let cloud: Dispatched;

beforeEach(() => {
  cloud = dispatched();
});

afterEach(() => cloud.dispatcher.stop());

function send(groupId: string, body: string): void {
  cloud.queue.send({ body, groupId, deduplicationId: body, senderId: 'test' });
}

function bodyOf(event: unknown): string {
  return (event as SQSEvent).Records[0]?.body ?? '';
}

describe('a queue', () => {
  it('gives each message to its function, as the record AWS gives, and deletes it', async () => {
    const seen: unknown[] = [];
    cloud.handlers.issue = async (event) => void seen.push(event);
    const { id } = cloud.queue.send({
      body: 'x',
      groupId: 'a',
      deduplicationId: '1',
      senderId: 'me',
    });
    await cloud.dispatcher.settle();
    const record = {
      messageId: id,
      receiptHandle: expect.any(String),
      body: 'x',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(cloud.clock.now().getTime()),
        SenderId: 'me',
        ApproximateFirstReceiveTimestamp: String(cloud.clock.now().getTime()),
        MessageGroupId: 'a',
        MessageDeduplicationId: '1',
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
      },
      messageAttributes: {},
      md5OfBody: '9dd4e461268c8034f5c8564e155c67a6',
      eventSource: 'aws:sqs',
      eventSourceARN: cloud.queue.arn,
      awsRegion: region,
    };
    expect(seen).toEqual([{ Records: [record] }]);
    expect(cloud.queue.messages()).toEqual([]);
  });

  it('runs groups beside each other up to the limit, and one group in order', async () => {
    const order: string[] = [];
    let now = 0;
    let most = 0;
    cloud.handlers.issue = async (event, context) => {
      now += 1;
      most = Math.max(most, now);
      await context.clock.sleep(secondMs);
      order.push(bodyOf(event));
      now -= 1;
    };
    for (const body of ['a1', 'a2', 'b1', 'c1']) send(body.charAt(0), body);
    await cloud.dispatcher.settle();
    expect(most).toBe(2);
    expect(order.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(order.toSorted()).toEqual(['a1', 'a2', 'b1', 'c1']);
  });

  it('delivers a failed message again only when its visibility ends', async () => {
    const counts: string[] = [];
    cloud.handlers.issue = async (event) => {
      counts.push((event as SQSEvent).Records[0]?.attributes.ApproximateReceiveCount ?? '');
      if (counts.length === 1) throw new Error('not yet');
    };
    send('a', 'a1');
    await cloud.dispatcher.settle();
    cloud.clock.advance(899 * secondMs);
    await cloud.dispatcher.settle();
    expect(counts).toEqual(['1']);
    cloud.clock.advance(secondMs);
    await cloud.dispatcher.settle();
    expect(counts).toEqual(['1', '2']);
    expect(cloud.queue.messages()).toEqual([]);
  });

  it('settles only after what handlers sent was delivered too', async () => {
    const seen: string[] = [];
    cloud.handlers.issue = async (event) => {
      seen.push(bodyOf(event));
      if (seen.length < 4) send('a', `again-${seen.length}`);
    };
    send('a', 'first');
    await cloud.dispatcher.settle();
    expect(seen).toEqual(['first', 'again-1', 'again-2', 'again-3']);
  });

  it('is not read where the role of the function may not, which is told once', async () => {
    cloud.dispatcher.stop();
    const missingToPoll = async () => ['sqs:DeleteMessage'];
    cloud = dispatched({ rights: { ...everyRight, missingToPoll } });
    cloud.handlers.issue = async () => expect.unreachable();
    send('a', 'a1');
    await cloud.dispatcher.settle();
    await cloud.dispatcher.settle();
    expect(cloud.queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(cloud.problems).toEqual([
      'certkeep-issue: issue.fifo is not read: its role lacks sqs:DeleteMessage',
    ]);
  });

  it('says so when a message outlived the run that did it', async () => {
    cloud.handlers.issue = async () => {
      const [message] = cloud.queue.messages();
      cloud.queue.changeVisibility(message?.receiptHandle ?? '', 0);
      cloud.dispatcher.stop();
    };
    send('a', 'a1');
    await cloud.dispatcher.settle();
    expect(cloud.problems).toEqual([expect.stringContaining('receipt handle has expired')]);
  });
});

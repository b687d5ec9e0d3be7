import { beforeEach, describe, expect, it } from 'vitest';
import { minuteMs } from '#cloud/clock.ts';
import type { Queue } from '#cloud/services/sqs/queue.ts';
import { sqs } from '#cloud/services/sqs/service.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';

const region = 'eu-west-1';
let clock: VirtualClock;
let queue: Queue;
let deadLetters: Queue;

beforeEach(() => {
  clock = virtualClock();
  const state = sqs({ clock, endpoint: () => 'http://127.0.0.1:1' });
  deadLetters = state.createQueue(region, 'dead.fifo', { FifoQueue: 'true' });
  queue = state.createQueue(region, 'issue.fifo', {
    FifoQueue: 'true',
    VisibilityTimeout: '60',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 }),
  });
});

let sent = 0;
function send(groupId: string, body: string, deduplicationId = `id-${++sent}`) {
  return queue.send({ body, groupId, deduplicationId, senderId: 'test' });
}

function receiveBodies(max = 10): string[] {
  return queue.receive({ max }).map(({ body }) => body);
}

function receiveOne() {
  const [message] = queue.receive({ max: 1 });
  if (!message?.receiptHandle) throw new Error('nothing was received');
  return { ...message, receiptHandle: message.receiptHandle };
}

describe('deduplication', () => {
  it('swallows a second message with the same id for five minutes, even after the first is deleted', () => {
    const first = send('a', 'a1', 'same');
    queue.delete(receiveOne().receiptHandle);
    clock.advance(5 * minuteMs - 1);
    expect(send('a', 'a2', 'same').id).toBe(first.id);
    expect(receiveBodies()).toEqual([]);
    clock.advance(1);
    send('a', 'a3', 'same');
    expect(receiveBodies()).toEqual(['a3']);
  });

  it('takes the digest of the body where the queue says so', () => {
    queue.setAttributes({ ContentBasedDeduplication: 'true' });
    const send = () => queue.send({ body: 'same', groupId: 'a', senderId: 'test' });
    expect(send().id).toBe(send().id);
  });
});

it('gives a message up after as many receives as its queue allows, and says where it was', () => {
  send('a', 'bad');
  for (let receives = 0; receives < 2; receives += 1) {
    expect(receiveBodies(1)).toEqual(['bad']);
    clock.advance(minuteMs);
  }
  expect(receiveBodies()).toEqual([]);
  expect(deadLetters.messages()).toMatchObject([
    { body: 'bad', groupId: 'a', deadLetterSourceArn: queue.arn },
  ]);
});

describe('a receipt handle', () => {
  it('no longer deletes once the visibility has ended', () => {
    send('a', 'a1');
    const { receiptHandle } = receiveOne();
    clock.advance(minuteMs);
    expect(() => queue.delete(receiptHandle)).toThrow(/receipt handle has expired/);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('may delete twice', () => {
    send('a', 'a1');
    const { receiptHandle } = receiveOne();
    queue.delete(receiptHandle);
    expect(() => queue.delete(receiptHandle)).not.toThrow();
  });
});

it('forgets messages after the retention period', () => {
  queue.setAttributes({ MessageRetentionPeriod: '60' });
  send('a', 'a1');
  clock.advance(minuteMs);
  expect(queue.counts().visible).toBe(0);
});

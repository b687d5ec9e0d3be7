import { expect } from 'vitest';
import { secondMs } from '#cloud/clock.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A FIFO queue whose messages come back after a second, since one of the clouds takes real time for it. */
async function fifo(cloud: CloudUnderTest, attributes: Record<string, string> = {}) {
  const { sqs } = clientsOf(cloud);
  const { QueueUrl } = await sqs.createQueue({
    QueueName: `${uniqueName('queue')}.fifo`,
    Attributes: { FifoQueue: 'true', VisibilityTimeout: '1', ...attributes },
  });
  const send = (MessageBody: string, MessageGroupId: string, id = uniqueName('id')) =>
    sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId: id });
  const receive = async (change: object = {}) =>
    (await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, ...change })).Messages ?? [];
  const bodies = async (change: object = {}) => (await receive(change)).map(({ Body }) => Body);
  const remove = (ReceiptHandle: string | undefined) =>
    sqs.deleteMessage({ QueueUrl, ReceiptHandle });
  return { sqs, QueueUrl, send, receive, bodies, remove };
}

const visibleAgainMs = 1.3 * secondMs;
const one = { MaxNumberOfMessages: 1 };

async function withDeadLetters(cloud: CloudUnderTest) {
  const dead = await fifo(cloud);
  const { Attributes } = await dead.sqs.getQueueAttributes({
    QueueUrl: dead.QueueUrl,
    AttributeNames: ['QueueArn'],
  });
  const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 };
  return { dead, source: await fifo(cloud, { RedrivePolicy: JSON.stringify(redrive) }) };
}

export const sqsFifo: ScenarioGroup = {
  title: 'SQS, FIFO',
  scenarios: {
    'messages of a group come in the order they were sent': async (cloud) => {
      const { send, bodies } = await fifo(cloud);
      for (const text of ['1', '2', '3']) await send(text, 'shop');
      expect(await bodies()).toEqual(['1', '2', '3']);
    },
    'a group waits while one of its messages is in flight': async (cloud) => {
      const { send, bodies } = await fifo(cloud);
      for (const text of ['1', '2']) await send(text, 'shop');
      expect(await bodies(one)).toEqual(['1']);
      expect(await bodies()).toEqual([]);
    },
    'another group does not wait': async (cloud) => {
      const { send, bodies } = await fifo(cloud);
      await send('1', 'shop');
      await send('2', 'blog');
      expect(await bodies(one)).toHaveLength(1);
      expect(await bodies(one)).toHaveLength(1);
    },
    'a group goes on when the message is deleted': async (cloud) => {
      const { send, receive, bodies, remove } = await fifo(cloud);
      for (const text of ['1', '2']) await send(text, 'shop');
      await remove((await receive(one))[0]?.ReceiptHandle);
      expect(await bodies()).toEqual(['2']);
    },
    'a message comes back, first of its group, when its visibility ends': async (cloud) => {
      const { send, bodies } = await fifo(cloud);
      for (const text of ['1', '2']) await send(text, 'shop');
      await bodies(one);
      await cloud.waits.pass(visibleAgainMs);
      expect(await bodies()).toEqual(['1', '2']);
    },
    'a visibility of zero brings it back at once': async (cloud) => {
      const { sqs, QueueUrl, send, receive, bodies } = await fifo(cloud);
      await send('1', 'shop');
      const [message] = await receive({ VisibilityTimeout: 600 });
      const ReceiptHandle = message?.ReceiptHandle;
      await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      expect(await bodies()).toEqual(['1']);
    },
    'a longer visibility keeps it away': async (cloud) => {
      const { sqs, QueueUrl, send, receive, bodies } = await fifo(cloud);
      await send('1', 'shop');
      const ReceiptHandle = (await receive())[0]?.ReceiptHandle;
      await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 600 });
      await cloud.waits.pass(visibleAgainMs);
      expect(await bodies()).toEqual([]);
    },
    'every receive is counted': async (cloud) => {
      const { send, receive } = await fifo(cloud);
      await send('1', 'shop');
      const counted = { MessageSystemAttributeNames: ['ApproximateReceiveCount'] };
      const counts: unknown[] = [];
      for (let round = 0; round < 2; round += 1) {
        const [message] = await receive(counted);
        counts.push(message?.Attributes?.ApproximateReceiveCount);
        await cloud.waits.pass(visibleAgainMs);
      }
      expect(counts).toEqual(['1', '2']);
    },
    'a second message with a deduplication id is accepted and not delivered': async (cloud) => {
      const { send, bodies } = await fifo(cloud);
      await send('1', 'shop', 'same');
      expect((await send('2', 'shop', 'same')).MessageId).toBeDefined();
      expect(await bodies()).toEqual(['1']);
    },
    'the deduplication id counts in other groups too': async (cloud) => {
      const { send, bodies } = await fifo(cloud);
      await send('1', 'shop', 'same');
      await send('2', 'blog', 'same');
      expect(await bodies()).toEqual(['1']);
    },
    'the deduplication id counts after the message was deleted': async (cloud) => {
      const { send, receive, bodies, remove } = await fifo(cloud);
      await send('1', 'shop', 'same');
      await remove((await receive())[0]?.ReceiptHandle);
      await send('1', 'shop', 'same');
      expect(await bodies()).toEqual([]);
    },
    'a message without a group is refused': async (cloud) => {
      const { sqs, QueueUrl } = await fifo(cloud);
      const answer = sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'x' });
      await refused(answer, 'MissingParameter');
    },
    'a message without a deduplication id is refused': async (cloud) => {
      const { sqs, QueueUrl } = await fifo(cloud);
      const answer = sqs.sendMessage({ QueueUrl, MessageBody: 'x', MessageGroupId: 'shop' });
      await refused(answer, 'InvalidParameterValue');
    },
    'an id of 128 characters is taken, a longer one refused': async (cloud) => {
      const { send } = await fifo(cloud);
      await send('1', 'g'.repeat(128), 'd'.repeat(128));
      await refused(send('2', 'g'.repeat(129)), 'InvalidParameterValue');
      await refused(send('2', 'shop', 'd'.repeat(129)), 'InvalidParameterValue');
    },
    'an id takes all of ASCII that can be seen, and nothing else': async (cloud) => {
      const { send } = await fifo(cloud);
      const seen = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 33 + index));
      await send('1', seen, seen);
      for (const id of ['two words', 'größe', 'a\nb']) {
        await refused(send('2', id), 'InvalidParameterValue');
        await refused(send('2', 'shop', id), 'InvalidParameterValue');
      }
    },
    'a delay of one message is refused': async (cloud) => {
      const { sqs, QueueUrl } = await fifo(cloud);
      const ids = { MessageGroupId: 'shop', MessageDeduplicationId: 'x' };
      const answer = sqs.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds: 5, ...ids });
      await refused(answer, 'InvalidParameterValue');
    },
    'a message that was received too often goes to the dead letters': async (cloud) => {
      const { dead, source } = await withDeadLetters(cloud);
      await source.send('1', 'shop');
      expect(await source.bodies()).toEqual(['1']);
      await cloud.waits.pass(visibleAgainMs);
      expect(await source.bodies()).toEqual([]);
      expect(await dead.bodies()).toEqual(['1']);
    },
    'a dead message does not hold up its group': async (cloud) => {
      const { dead, source } = await withDeadLetters(cloud);
      for (const text of ['1', '2']) await source.send(text, 'shop');
      expect(await source.bodies(one)).toEqual(['1']);
      await cloud.waits.pass(visibleAgainMs);
      expect(await source.bodies()).toEqual(['2']);
      expect(await dead.bodies()).toEqual(['1']);
    },
  },
};

import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

const name = () => `${uniqueName('queue')}.fifo`;

function create(cloud: CloudUnderTest, QueueName: string, Attributes: Record<string, string> = {}) {
  const { sqs } = clientsOf(cloud);
  return sqs.createQueue({ QueueName, Attributes: { FifoQueue: 'true', ...Attributes } });
}

export const sqsQueues: ScenarioGroup = {
  title: 'SQS, queues',
  scenarios: {
    'a queue is found by its name': async (cloud) => {
      const QueueName = name();
      const { QueueUrl } = await create(cloud, QueueName);
      expect((await clientsOf(cloud).sqs.getQueueUrl({ QueueName })).QueueUrl).toBe(QueueUrl);
    },
    'a queue created again with the same attributes is the same': async (cloud) => {
      const QueueName = name();
      const { QueueUrl } = await create(cloud, QueueName, { VisibilityTimeout: '900' });
      const again = await create(cloud, QueueName, { VisibilityTimeout: '900' });
      expect(again.QueueUrl).toBe(QueueUrl);
    },
    'a queue created again with other attributes is refused': async (cloud) => {
      const QueueName = name();
      await create(cloud, QueueName, { VisibilityTimeout: '900' });
      await refused(create(cloud, QueueName, { VisibilityTimeout: '60' }), 'QueueNameExists');
    },
    'a FIFO queue whose name does not say so is refused': async (cloud) => {
      await refused(create(cloud, uniqueName('queue')), 'InvalidParameterValue');
    },
    'dead letters that do not exist are refused': async (cloud) => {
      const deadLetterTargetArn = `arn:aws:sqs:us-east-1:${cloud.account}:gone.fifo`;
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
      await refused(create(cloud, name(), { RedrivePolicy }), null);
    },
    'a visibility of more than twelve hours is refused': async (cloud) => {
      const answer = create(cloud, name(), { VisibilityTimeout: '43201' });
      await refused(answer, 'InvalidAttributeValue');
    },
    'attributes are set and shown': async (cloud) => {
      const { QueueUrl } = await create(cloud, name());
      const { sqs } = clientsOf(cloud);
      await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '900' } });
      const AttributeNames = ['All' as const];
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames });
      expect(Attributes).toMatchObject({ VisibilityTimeout: '900', FifoQueue: 'true' });
    },
    'messages are counted, visible and in flight': async (cloud) => {
      const { QueueUrl } = await create(cloud, name(), { VisibilityTimeout: '900' });
      const { sqs } = clientsOf(cloud);
      for (const id of ['1', '2']) {
        const ids = { MessageGroupId: id, MessageDeduplicationId: id };
        await sqs.sendMessage({ QueueUrl, MessageBody: id, ...ids });
      }
      await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 1 });
      const AttributeNames = ['All' as const];
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames });
      expect(Attributes).toMatchObject({
        ApproximateNumberOfMessages: '1',
        ApproximateNumberOfMessagesNotVisible: '1',
      });
    },
    'a queue is not seen from another region': async (cloud) => {
      const QueueName = name();
      await create(cloud, QueueName);
      const { sqs } = clientsOf(cloud, otherRegion);
      await refused(sqs.getQueueUrl({ QueueName }), 'QueueDoesNotExist');
    },
  },
};

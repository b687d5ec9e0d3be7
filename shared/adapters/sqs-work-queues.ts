import { createHash, randomUUID } from 'node:crypto';
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import type { SweepPorts } from '#shared/deploy/verify/sweep.ts';
import {
  type Message,
  type Queues,
  type Work,
  type Worker,
  workerOf,
  workKey,
} from '#shared/queues/work.ts';
import type { Clock } from '#shared/time/clock.ts';

/** The FIFO queues of the three functions that take work from one. */
export function sqsWorkQueues(options: {
  readonly client: SQSClient;
  readonly queueUrls: Readonly<Record<Worker, string>>;
  readonly clock: Clock;
}): Queues<Work> & Pick<SweepPorts['queues'], 'isEmpty'> {
  const { client, queueUrls, clock } = options;
  return {
    async isEmpty(kind) {
      const command = new GetQueueAttributesCommand({
        QueueUrl: queueUrls[kind],
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      });
      const { Attributes = {} } = await named('GetQueueAttributes', kind, () =>
        client.send(command),
      );
      return Object.values(Attributes).every((count) => count === '0');
    },
    async send(message, why) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrls[workerOf(message)],
        MessageBody: JSON.stringify(message),
        MessageGroupId: groupId(message),
        MessageDeduplicationId: deduplicationId(message, why, clock.now()),
      });
      await named('SendMessage', workKey(message), () => client.send(command));
    },
  };
}

const named = serviceCalls({ service: 'SQS', stage: 'check' });

/**
 * SQS never delivers two messages of one group at once, and groups do not wait for each other: a message whose runs die
 * delays only the same certificates in the same place. The lease, not the group, excludes a message for one of several.
 */
export function groupId(message: Message): string {
  const { also = [] } = message;
  return legalId([workKey(message), ...also].join('+'));
}

/**
 * Unique for every send, and equal for the SDK's retries of it: for five minutes a FIFO queue silently drops a second
 * message with the same id, and a retry or a forced renewal must not disappear.
 */
export function deduplicationId(work: Work, why: string, now: Date): string {
  const subject = 'certificate' in work ? work.certificate : work.place;
  return legalId(`${work.kind}:${subject}:${why}:${now.toISOString()}:${randomUUID()}`);
}

const legal = /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/;

/**
 * Both ids take up to 128 alphanumerics and punctuation.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function legalId(id: string): string {
  return legal.test(id) ? id : createHash('sha256').update(id).digest('hex');
}

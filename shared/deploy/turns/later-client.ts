import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import type { LaterQueue } from '#shared/queues/work.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';

/** The most that SQS keeps a message back (API_SendMessage.html). A longer wait is waited in parts. */
const longestDelaySeconds = 900;

/** A queue whose messages come at a time of their own. A FIFO queue has none. */
export function sqsLaterQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly clock: Clock;
}): LaterQueue {
  const { client, queueUrl: QueueUrl, clock } = options;
  return {
    async sendAt(message, at) {
      const seconds = Math.ceil((at.getTime() - clock.now().getTime()) / secondMs);
      const DelaySeconds = Math.min(Math.max(seconds, 0), longestDelaySeconds);
      const MessageBody = JSON.stringify(message);
      await named('SendMessage', message.certificate, () =>
        client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds })),
      );
    },
  };
}

const named = serviceCalls({ service: 'SQS', stage: 'rebind' });

import { createHash, randomUUID } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '#shared/clock.ts';
import type { ProofQueue, ProofWork, Work, WorkQueues } from '#shared/work.ts';

/** The FIFO queues of the three functions that take work. */
export function sqsWorkQueues(options: {
  readonly client: SQSClient;
  readonly queueUrls: Readonly<Record<Work['kind'], string>>;
  readonly clock: Clock;
}): WorkQueues & ProofQueue {
  const { client, queueUrls, clock } = options;
  return {
    async send(work: Work | ProofWork, why: string) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrls[work.kind === 'prove' ? 'deploy' : work.kind],
          MessageBody: JSON.stringify(work),
          MessageGroupId: groupId(work),
          MessageDeduplicationId: deduplicationId(work, why, clock.now()),
        }),
      );
    },
  };
}

/** Work of one group never runs twice at once: one certificate is acquired once, one place is paced. */
export function groupId(work: Work | ProofWork): string {
  if (work.kind === 'prove') return legalId(`prove:${work.place}`);
  return legalId(work.kind === 'deploy' ? work.place : work.certificate);
}

/**
 * Unique for every send, and the same for the SDK's retries of it: a FIFO queue silently drops a second
 * message with the same id for five minutes, and a retry or a force must not vanish.
 */
export function deduplicationId(work: Work | ProofWork, why: string, now: Date): string {
  const subject = work.kind === 'prove' ? work.place : work.certificate;
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

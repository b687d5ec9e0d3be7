import { hourMs, secondMs } from '../../clock.ts';
import type { StoredMessage } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Metrics } from './metrics.ts';

/**
 * What SQS reports of its active queues once a minute. A queue is active "for up to six hours if it contains any messages or
 * if any API action accesses it"
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html). Here only
 * messages make it so; AWS may take a quarter of an hour to notice the first one.
 */
export function queueGauges(options: {
  readonly queues: () => Iterable<Queue>;
  readonly metrics: Pick<Metrics, 'put'>;
}): (at: Date) => void {
  const activeUntilMs = new WeakMap<Queue, number>();
  const seenAtMs = new WeakMap<object, number>();

  return (at) => {
    const nowMs = at.getTime();
    for (const queue of options.queues()) {
      const { delayed, inFlight, visible } = queue.counts();
      const messages = queue.messages();
      if (messages.length > 0) activeUntilMs.set(queue, nowMs + activeMs);
      if ((activeUntilMs.get(queue) ?? 0) < nowMs) continue;
      const [, , , region = '', account = ''] = queue.arn.split(':');
      const report = (name: string, value: number, unit = 'Count') =>
        options.metrics.put(
          { account, region },
          {
            namespace: 'AWS/SQS',
            name,
            dimensions: { QueueName: queue.name },
            // The minute that ends now.
            at: new Date(nowMs - 1),
            unit,
            value,
          },
        );
      report('ApproximateNumberOfMessagesVisible', visible);
      report('ApproximateNumberOfMessagesNotVisible', inFlight);
      report('ApproximateNumberOfMessagesDelayed', delayed);
      const ages = messages
        .filter(isCounted(queue))
        .map((message) => nowMs - since(message, nowMs));
      if (messages.length > 0) {
        const oldestMs = Math.max(0, ...ages);
        report('ApproximateAgeOfOldestMessage', Math.floor(oldestMs / secondMs), 'Seconds');
      }
    }
  };

  /** In a dead-letter queue the age begins with the move, whatever the message was sent. */
  function since(message: StoredMessage, nowMs: number): number {
    if (message.deadLetterSourceArn === null) return message.sentAtMs;
    const seen = seenAtMs.get(message) ?? nowMs;
    seenAtMs.set(message, seen);
    return seen;
  }
}

const activeMs = 6 * hourMs;

/** A standard queue moves what was received three times or more to its back, and shows the age of the next message. */
function isCounted({ fifo }: Queue): (message: StoredMessage) => boolean {
  return ({ deadLetterSourceArn, receiveCount }) =>
    fifo || deadLetterSourceArn !== null || receiveCount < 3;
}

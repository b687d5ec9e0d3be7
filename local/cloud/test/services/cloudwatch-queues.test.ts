import { beforeEach, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#cloud/clock.ts';
import type { Queue } from '#cloud/services/sqs/queue.ts';
import { type AlarmLab, alarmLab, place } from '../fixtures/alarm-lab.ts';

let lab: AlarmLab;
let queue: Queue;
beforeEach(() => {
  lab = alarmLab();
  queue = lab.queues.createQueue(place.region, 'work');
});

/** What was reported of a queue, one value a minute. */
function reported(name: string, QueueName = 'work'): readonly number[] {
  const metric = { namespace: 'AWS/SQS', name, dimensions: { QueueName } };
  return lab.watch.metrics.find(place, metric)?.points.map(({ sum }) => sum) ?? [];
}

const send = (to = queue) => to.send({ body: 'work', senderId: 'test' });

test('a queue that has seen no message reports nothing', async () => {
  await lab.pass(5);
  expect(lab.watch.metrics.all(place)).toEqual([]);
});

test('messages are counted once a minute: visible, in flight, delayed', async () => {
  send();
  send();
  queue.send({ body: 'later', senderId: 'test', delaySeconds: 90 });
  await lab.pass(1);
  queue.receive({ max: 1, visibilityMs: 90_000 });
  await lab.pass(3);
  expect(reported('ApproximateNumberOfMessagesVisible')).toEqual([2, 2, 3, 3]);
  expect(reported('ApproximateNumberOfMessagesNotVisible')).toEqual([0, 1, 0, 0]);
  expect(reported('ApproximateNumberOfMessagesDelayed')).toEqual([1, 0, 0, 0]);
});

test('the age is that of the oldest message, and is not reported of an empty queue', async () => {
  send();
  await lab.pass(2);
  send();
  await lab.pass(1);
  queue.delete(queue.receive({ max: 1 })[0]?.receiptHandle ?? '');
  await lab.pass(1);
  queue.delete(queue.receive({ max: 1 })[0]?.receiptHandle ?? '');
  await lab.pass(3);
  expect(reported('ApproximateAgeOfOldestMessage')).toEqual([60, 120, 180, 120]);
});

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
test('a message that was received three times goes to the back of a standard queue, and its age with it', async () => {
  send();
  await lab.pass(1);
  for (const _ of [1, 2, 3]) queue.receive({ max: 1, visibilityMs: 0 });
  await lab.pass(1);
  expect(reported('ApproximateAgeOfOldestMessage')).toEqual([60, 0]);
});

test('the age of a dead letter begins when it dies', async () => {
  const dead = lab.queues.createQueue(place.region, 'dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const dying = lab.queues.createQueue(place.region, 'dying', { RedrivePolicy });
  send(dying);
  await lab.pass(10);
  dying.receive({ max: 1, visibilityMs: 0 });
  dying.receive({ max: 1 });
  await lab.pass(3);
  expect(reported('ApproximateAgeOfOldestMessage', 'dead')).toEqual([0, 60, 120]);
});

test('a queue is active for six hours after its last message', async () => {
  send();
  await lab.pass(1);
  queue.purge();
  lab.clock.advance(24 * hourMs);
  const counts = reported('ApproximateNumberOfMessagesVisible');
  expect(counts).toHaveLength((6 * hourMs) / minuteMs + 1);
  expect(counts.slice(1).every((count) => count === 0)).toBe(true);
});

test('an alarm rings for what waits too long, and is over when it is taken', async () => {
  lab.alarm({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: 'work' }],
    Statistic: 'Maximum',
    Threshold: 600,
    TreatMissingData: 'notBreaching',
  });
  send();
  await lab.pass(9);
  expect(lab.state()).toBe('OK');
  await lab.pass(1);
  expect(lab.state()).toBe('ALARM');
  queue.delete(queue.receive({ max: 1 })[0]?.receiptHandle ?? '');
  await lab.pass(4);
  expect(lab.told()).toEqual(['INSUFFICIENT_DATA -> OK', 'OK -> ALARM', 'ALARM -> OK']);
});

import * as sqsModule from '@aws-sdk/client-sqs';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { sqs } from 'local-cloud/services/sqs/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { serviceOf } from 'local-cloud/wire/service-of.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deduplicationId, groupId, sqsWorkQueues } from '#shared/adapters/sqs-work-queues.ts';
import type { Queues, Work, Worker } from '#shared/queues/work.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

const clock = virtualClock();
const urls: Record<Worker, string> = { issue: '', deploy: '', verify: '' };
let front: LocalFront;
let client: SQSClient;
let queues: Queues<Work>;

beforeAll(async () => {
  const state = sqs({ clock, endpoint: () => front.endpoint });
  front = await localFront([serviceOf('sqs', sqsModule, SQSClient, state.operations)]);
  client = new SQSClient(localClientOptions(front));
  for (const kind of ['issue', 'deploy', 'verify'] as const) {
    const create = { QueueName: `${kind}.fifo`, Attributes: { FifoQueue: 'true' } };
    urls[kind] = (await client.send(new CreateQueueCommand(create))).QueueUrl ?? '';
  }
  queues = sqsWorkQueues({ client, queueUrls: urls, clock });
});

afterAll(async () => {
  client.destroy();
  await front.close();
});

async function received(kind: Worker) {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: urls[kind],
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['MessageGroupId', 'MessageDeduplicationId'],
    }),
  );
  return Messages.map(({ Body = '', Attributes }) => ({ work: JSON.parse(Body), ...Attributes }));
}

test('work goes to the queue of its kind, in the group of its certificate', async () => {
  await queues.send({ kind: 'issue', certificate: 'shop' }, 'attempt-1');
  expect(await received('issue')).toMatchObject([
    {
      work: { kind: 'issue', certificate: 'shop' },
      MessageGroupId: 'issue:shop',
      MessageDeduplicationId: expect.stringContaining(
        `issue:shop:attempt-1:${clock.now().toISOString()}`,
      ),
    },
  ]);
});

test('deploy work goes in the group of its certificate and place', async () => {
  const work = { kind: 'deploy', certificate: 'shop', place: '000000000000/us-east-1' } as const;
  await queues.send(work, 'v1');
  expect(await received('deploy')).toMatchObject([
    { MessageGroupId: 'deploy:shop:000000000000/us-east-1', work },
  ]);
});

test('the same work for the same reason at the same time is not swallowed', async () => {
  const work = { kind: 'verify', certificate: 'shop' } as const;
  await queues.send(work, 'v1');
  await queues.send(work, 'v1');
  expect(await received('verify')).toHaveLength(2);
});

test('work whose answer is lost and which the SDK sends again arrives once', async () => {
  front.faults.add({
    when: ({ operation }) => operation === 'SendMessage',
    fault: { do: 'lose-answer' },
  });
  await queues.send({ kind: 'verify', certificate: 'blog' }, 'v1');
  expect(await received('verify')).toHaveLength(1);
});

test('a proof of rights goes to deploy, in a group of its place', async () => {
  const work = { kind: 'prove', place: '000000000000/eu-west-1' } as const;
  await queues.send(work, 'rights');
  expect(await received('deploy')).toMatchObject([
    { work, MessageGroupId: 'prove:000000000000/eu-west-1' },
  ]);
});

test('ids that are too long or hold other characters become a digest', () => {
  const deploy = { kind: 'deploy', certificate: 'shop', place: 'Zürich' } as const;
  expect(groupId(deploy)).toMatch(/^[0-9a-f]{64}$/);
  const long = deduplicationId(deploy, 'because '.repeat(30), clock.now());
  expect(long).toMatch(/^[0-9a-f]{64}$/);
  expect(deduplicationId(deploy, 'because '.repeat(30), clock.now())).not.toBe(long);
});

test('a call that SQS denies names the work', async () => {
  const denied = { do: 'refuse', code: 'AccessDeniedException', status: 403 } as const;
  front.faults.add({ when: ({ operation }) => operation === 'SendMessage', fault: denied });
  const sent = queues.send({ kind: 'issue', certificate: 'shop' }, 'attempt-1');
  await expect(sent).rejects.toMatchObject({
    name: 'ServiceDenied',
    message: expect.stringContaining('SQS: SendMessage issue:shop: AccessDeniedException'),
  });
});

import * as sqsModule from '@aws-sdk/client-sqs';
import {
  CreateQueueCommand,
  type CreateQueueCommandInput,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultInjection } from '#cloud/faults.ts';
import { sqs } from '#cloud/services/sqs/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type AwsFront, startAwsFront } from '#cloud/wire/front.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';

let front: AwsFront;
let client: SQSClient;
const clock = virtualClock();

beforeAll(async () => {
  const state = sqs({ clock, endpoint: () => front.endpoint });
  front = await startAwsFront({
    services: [serviceOf('sqs', sqsModule, SQSClient, state.operations)],
    faults: faultInjection(),
    callerOf: () => null,
  });
  client = new SQSClient({
    endpoint: front.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await front.close();
});

async function createQueue(QueueName: string, Attributes?: CreateQueueCommandInput['Attributes']) {
  const input = { QueueName, ...(Attributes ? { Attributes } : {}) };
  return (await client.send(new CreateQueueCommand(input))).QueueUrl ?? '';
}

describe('creating a queue', () => {
  it('answers with a URL of our own host, and the same again for the same queue', async () => {
    const url = await createQueue('plain');
    expect(url).toBe(`${front.endpoint}/000000000000/plain`);
    expect(await createQueue('plain')).toBe(url);
    const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'pla' }));
    expect(QueueUrls).toEqual([url]);
  });

  it.each<[string, string, CreateQueueCommandInput['Attributes'], string]>([
    ['a suffix on a standard queue', 'x.fifo', undefined, 'InvalidParameterValue'],
    ['an unknown attribute', 'x', { Colour: 'red' } as never, 'InvalidAttributeName'],
  ])('refuses %s', async (_, name, attributes, error) => {
    await expect(createQueue(name, attributes)).rejects.toMatchObject({ name: error });
  });
});

describe('messages', () => {
  it('pass the digests that the SDK verifies, with the attributes that were asked for', async () => {
    const QueueUrl = await createQueue('digests.fifo', { FifoQueue: 'true' });
    const message = { MessageBody: 'Grüße', MessageGroupId: 'a', MessageDeduplicationId: '1' };
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
    await client.send(new SendMessageCommand({ QueueUrl, ...message, MessageAttributes }));
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages).toMatchObject([
      {
        Body: 'Grüße',
        Attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'a' },
        MessageAttributes: { kind: { StringValue: 'x' } },
      },
    ]);
  });

  it('are refused above 1 MiB', async () => {
    const QueueUrl = await createQueue('large');
    const MessageBody = 'x'.repeat(1_048_577);
    await expect(
      client.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('appear after their delay to somebody who waits', async () => {
    const QueueUrl = await createQueue('delayed');
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 10 }));
    const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 });
    expect((await client.send(receive)).Messages).toBeUndefined();
    expect((await client.send(receive)).Messages).toHaveLength(1);
  });
});

it('counts what is visible, and refuses a second purge within a minute', async () => {
  const QueueUrl = await createQueue('counted');
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const asked = { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages' as const] };
  const count = () => client.send(new GetQueueAttributesCommand(asked));
  expect((await count()).Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect((await count()).Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
  await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
    name: 'PurgeQueueInProgress',
  });
});

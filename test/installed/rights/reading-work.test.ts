import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { functionRights } from 'local-cloud/iam/function-rights.ts';
import { roleArn } from 'local-cloud/kit/iam-lab.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
beforeAll(async () => {
  const source = configText('  shop: {names: [example.com], issuer: local}\n');
  world = await startWorld(source, { mayDeny: true });
});
afterAll(() => world?.close());

const queues = ['issue', 'deploy', 'verify'] as const;
const inHome = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

test.each(queues)('only the role of its function reads the %s queue', async (name) => {
  const QueueUrl = `${world.cloud.endpoint}/000000000000/certkeep-${name}.fifo`;
  const sqs = new SQSClient({ ...operatorClient(world.cloud, 'us-east-1'), maxAttempts: 1 });
  const handle = { QueueUrl, ReceiptHandle: 'any' };
  const denied = (call: Promise<unknown>) =>
    expect(call).rejects.toThrow(/explicit deny in a resource-based policy/);
  await denied(sqs.send(new ReceiveMessageCommand({ QueueUrl })));
  await denied(sqs.send(new DeleteMessageCommand(handle)));
  await denied(sqs.send(new ChangeMessageVisibilityCommand({ ...handle, VisibilityTimeout: 0 })));
  const { missingToPoll } = functionRights(world.cloud.iam);
  const queue = inHome(`certkeep-${name}.fifo`);
  for (const reader of queues) {
    const missing = await missingToPoll(roleArn(`certkeep-us-east-1-${reader}`), queue);
    expect([reader, missing.length > 0]).toEqual([reader, reader !== name]);
  }
});

test('people put work into the queues by hand, and read messages that no run could process', async () => {
  const sqs = new SQSClient({ ...operatorClient(world.cloud, 'us-east-1'), maxAttempts: 1 });
  const at = (name: string) => `${world.cloud.endpoint}/000000000000/${name}`;
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: at('certkeep-issue-dead.fifo') }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: at('certkeep-dead-events') }));
  const MessageBody = '{"certificate":"nothing"}';
  const work = { MessageBody, MessageGroupId: 'nothing', MessageDeduplicationId: 'once' };
  await sqs.send(new SendMessageCommand({ QueueUrl: at('certkeep-verify.fifo'), ...work }));
});

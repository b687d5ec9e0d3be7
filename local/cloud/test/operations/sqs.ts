import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitSqs(aws: AwsCommand): Promise<void> {
  const run = (operation: string, ...args: readonly string[]) => aws.run('sqs', operation, ...args);
  const { QueueUrl } = await run('CreateQueue', '--queue-name', 'visited');
  const of = ['--queue-url', QueueUrl];
  expect(await run('GetQueueUrl', '--queue-name', 'visited')).toEqual({ QueueUrl });
  expect(await run('ListQueues')).toEqual({ QueueUrls: [QueueUrl] });
  await run('SetQueueAttributes', ...of, '--attributes', 'VisibilityTimeout=60');
  const read = await run('GetQueueAttributes', ...of, '--attribute-names', 'VisibilityTimeout');
  expect(read).toEqual({ Attributes: { VisibilityTimeout: '60' } });

  await run('SendMessage', ...of, '--message-body', 'first');
  const entries = ['second', 'third'].map((Id) => ({ Id, MessageBody: Id }));
  const sent = await run('SendMessageBatch', ...of, '--entries', JSON.stringify(entries));
  expect(sent.Successful.map(({ Id }: { Id: string }) => Id)).toEqual(['second', 'third']);

  const all = ['--max-number-of-messages', '10'];
  const { Messages } = await run('ReceiveMessage', ...of, ...all);
  expect(Messages.map(({ Body }: { Body: string }) => Body).toSorted()).toEqual([
    'first',
    'second',
    'third',
  ]);
  const [one, two, three] = Messages.map(({ ReceiptHandle }: Received) => ReceiptHandle);
  await run('DeleteMessage', ...of, '--receipt-handle', one);
  const deleted = ['--entries', JSON.stringify([{ Id: 'two', ReceiptHandle: two }])];
  expect(await run('DeleteMessageBatch', ...of, ...deleted)).toMatchObject({
    Successful: [{ Id: 'two' }],
  });
  const atOnce = ['--receipt-handle', three, '--visibility-timeout', '0'];
  await run('ChangeMessageVisibility', ...of, ...atOnce);
  expect((await run('ReceiveMessage', ...of, ...all)).Messages).toHaveLength(1);
  await run('PurgeQueue', ...of);
  expect(await run('ReceiveMessage', ...of, ...all)).toBeNull();
  await run('DeleteQueue', ...of);
  expect(await run('ListQueues')).toBeNull();
}

type Received = { readonly ReceiptHandle: string };

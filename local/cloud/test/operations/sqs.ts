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

  for (const body of ['first', 'second']) await run('SendMessage', ...of, '--message-body', body);
  const all = ['--max-number-of-messages', '10'];
  const { Messages } = await run('ReceiveMessage', ...of, ...all);
  expect(Messages.map(({ Body }: { Body: string }) => Body).toSorted()).toEqual([
    'first',
    'second',
  ]);
  const [one, two] = Messages.map(({ ReceiptHandle }: Received) => ReceiptHandle);
  await run('DeleteMessage', ...of, '--receipt-handle', one);
  const atOnce = ['--receipt-handle', two, '--visibility-timeout', '0'];
  await run('ChangeMessageVisibility', ...of, ...atOnce);
  expect((await run('ReceiveMessage', ...of, ...all)).Messages).toHaveLength(1);
  await run('PurgeQueue', ...of);
  expect(await run('ReceiveMessage', ...of, ...all)).toBeNull();
  await run('DeleteQueue', ...of);
  expect(await run('ListQueues')).toBeNull();
}

type Received = { readonly ReceiptHandle: string };

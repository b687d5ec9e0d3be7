import type { CreateQueueCommandInput, GetQueueUrlCommandInput } from '@aws-sdk/client-sqs';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';
import { keyUse } from './keys.ts';
import { type AccessRequest, onAll, type Row, requestTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqsTable: Table = {
  CreateQueue: ({ QueueName, tags = {} }: CreateQueueCommandInput, asker) => [
    {
      action: 'sqs:CreateQueue',
      resource: arnOf('sqs', asker, QueueName ?? ''),
      context: requestTags(Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))),
    },
  ],
  GetQueueUrl(input: GetQueueUrlCommandInput, { region, account }) {
    const owner = { region, account: input.QueueOwnerAWSAccountId ?? account };
    return [{ action: 'sqs:GetQueueUrl', resource: arnOf('sqs', owner, input.QueueName ?? '') }];
  },
  DeleteQueue: onQueue('sqs:DeleteQueue'),
  GetQueueAttributes: onQueue('sqs:GetQueueAttributes'),
  SetQueueAttributes: onQueue('sqs:SetQueueAttributes'),
  ListQueues: onAll('sqs:ListQueues'),
  SendMessage: onQueue('sqs:SendMessage'),
  ReceiveMessage: onQueue('sqs:ReceiveMessage'),
  DeleteMessage: onQueue('sqs:DeleteMessage'),
  ChangeMessageVisibility: onQueue('sqs:ChangeMessageVisibility'),
  PurgeQueue: onQueue('sqs:PurgeQueue'),
};

function onQueue(action: string): Row {
  return (input: { readonly QueueUrl: string | undefined }, asker, resources) => {
    const [account = '', name = ''] = (input.QueueUrl ?? '').split('/').slice(-2);
    const queue = arnOf('sqs', { region: asker.region, account }, name);
    return queueUse(action, queue, asker, resources);
  };
}

/** The rights for the key of an encrypted queue: sqs-key-management.html, "Configuring AWS KMS permissions". */
export function queueUse(
  action: string,
  queue: string,
  asker: Asker,
  resources: Pick<Resources, 'encryptionOf'>,
): readonly AccessRequest[] {
  const actions = { 'sqs:SendMessage': sending, 'sqs:ReceiveMessage': receiving }[action] ?? [];
  const { key } = resources.encryptionOf(queue);
  const encryptionContext = { 'aws:sqs:arn': queue };
  return [
    { action, resource: queue },
    ...keyUse({ key, actions, via: 'sqs', encryptionContext }, asker),
  ];
}

const sending = ['GenerateDataKey', 'Decrypt'] as const;
const receiving = ['Decrypt'] as const;

import type { GetQueueUrlCommandInput } from '@aws-sdk/client-sqs';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';
import { keyUse } from './keys.ts';
import type { Reference } from './reference.ts';
import type { AccessRequest, Row, Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqsReference: Reference = {
  service: 'sqs',
  resource({ QueueUrl, QueueName = '', QueueOwnerAWSAccountId }: AnyInput, asker) {
    const { region, account } = asker;
    if (QueueUrl !== undefined) return queueAt(QueueUrl, asker);
    return arnOf('sqs', { region, account: QueueOwnerAWSAccountId ?? account }, QueueName);
  },
};

type AnyInput = Partial<GetQueueUrlCommandInput> & { readonly QueueUrl?: string };

export const sqsTable: Table = {
  SendMessage: usingKey('sqs:SendMessage'),
  ReceiveMessage: usingKey('sqs:ReceiveMessage'),
};

function usingKey(action: string): Row {
  return ({ QueueUrl = '' }: AnyInput, asker, resources) =>
    queueUse(action, queueAt(QueueUrl, asker), asker, resources);
}

/** A queue's URL ends with its account and name. */
function queueAt(url: string, { region }: Asker): string {
  const [account = '', name = ''] = url.split('/').slice(-2);
  return arnOf('sqs', { region, account }, name);
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

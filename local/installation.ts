import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Config } from '#shared/config/config.ts';
import { deployedText } from '#shared/config/deployed.ts';
import type { Cloud } from './cloud.ts';
import type { Wiring } from './runtime/wiring-types.ts';
import { homeAccount } from './wire/accounts.ts';
import {
  maxReceives,
  type Names,
  type Pace,
  resourceNames,
  visibilitySeconds,
  wiring,
} from './wiring.ts';

export type Installation = { readonly names: Names; readonly wiring: Wiring };

/** The key of a person with every right, for whatever the demonstration and the tests set up. */
export const operator = { accessKeyId: 'AKIALOCALOPERATOR', secretAccessKey: 'local' };

/** Options for an SDK client of the operator, who has a key of each account. */
export function operatorClient(cloud: Cloud, region: string, account = homeAccount) {
  return { endpoint: cloud.endpoint, region, credentials: operatorOf(cloud, account) };
}

function operatorOf(cloud: Cloud, account: string) {
  if (account === homeAccount) return operator;
  const accessKeyId = `${operator.accessKeyId}${account}`;
  const arn = `arn:aws:iam::${account}:user/operator`;
  cloud.accounts.register(accessKeyId, { account, caller: null, arn, userId: accessKeyId });
  return { ...operator, accessKeyId };
}

/** Creates what certkeep runs on, through the same APIs that a deployment uses. */
export async function install(cloud: Cloud, config: Config, pace: Pace): Promise<Installation> {
  const names = resourceNames(config);
  const home = operatorClient(cloud, config.home.region);
  await createBucket(cloud, config.home.region, names.bucket);
  await createBucket(cloud, config.home.region, names.configBucket);
  for (const [region, bucket] of names.replicaBuckets) await createBucket(cloud, region, bucket);
  await new EventBridgeClient(home).send(new CreateEventBusCommand({ Name: names.bus }));
  const topic = await new SNSClient(home).send(new CreateTopicCommand({ Name: names.topic }));
  const urls = new Map<string, string>();
  for (const queue of Object.values(names.queues)) {
    urls.set(queue, await createQueue(new SQSClient(home), names, queue, pace));
  }
  const configText = await putConfig(cloud, config);
  return {
    names,
    wiring: wiring({
      names,
      pace,
      configText,
      queueUrl: (name) => urls.get(name) ?? '',
      topicArn: topic.TopicArn ?? '',
      endpoint: cloud.endpoint,
      resolver: cloud.dns.address,
    }),
  };
}

/** Returns the text, whose digest belongs into the functions' environment. */
export async function putConfig(cloud: Cloud, config: Config): Promise<string> {
  const names = resourceNames(config);
  const text = deployedText(config);
  const s3 = new S3Client(operatorClient(cloud, config.home.region));
  const { configBucket: Bucket, configKey: Key } = names;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: text }));
  return text;
}

async function createBucket(cloud: Cloud, region: string, Bucket: string): Promise<void> {
  const s3 = new S3Client(operatorClient(cloud, region));
  await s3.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
}

async function createQueue(
  sqs: SQSClient,
  names: Names,
  queue: string,
  pace: Pace,
): Promise<string> {
  const dead = await sqs.send(
    new CreateQueueCommand({
      QueueName: names.deadLetters(queue),
      Attributes: { FifoQueue: 'true' },
    }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead.QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: maxReceives };
  const created = await sqs.send(
    new CreateQueueCommand({
      QueueName: queue,
      Attributes: {
        FifoQueue: 'true',
        VisibilityTimeout: String(visibilitySeconds(pace)),
        RedrivePolicy: JSON.stringify(redrive),
      },
    }),
  );
  return created.QueueUrl ?? '';
}

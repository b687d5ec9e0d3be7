/** What the functions call of the SDK, one failing call for each protocol and way to name an error. */
import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetChangeCommand, Route53Client } from '@aws-sdk/client-route-53';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

export type Options = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const listener = arn('elasticloadbalancing', 'listener/app/none/50dc6c495c0c9188/f2f7dc8efc522ab2');
const certificate = arn('acm', 'certificate/11111111-1111-4111-8111-111111111111');

export async function roundTrip(options: Options, Bucket: string): Promise<string | undefined> {
  const s3 = new S3Client(options);
  const object = { Bucket, Key: 'a' };
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ ...object, Body: 'written', IfNoneMatch: '*' }));
  const { Body } = await s3.send(new GetObjectCommand(object));
  return Body?.transformToString();
}

/** Each is refused because something is not there. */
export function refusals(options: Options): Readonly<Record<string, () => Promise<unknown>>> {
  const QueueUrl = `${options.endpoint}/123456789012/none.fifo`;
  return {
    S3: () => new S3Client(options).send(new GetObjectCommand({ Bucket: 'none', Key: 'a' })),
    SQS: () =>
      new SQSClient(options).send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' })),
    ACM: () =>
      new ACMClient(options).send(new DescribeCertificateCommand({ CertificateArn: certificate })),
    ELBv2: () =>
      new ElasticLoadBalancingV2Client(options).send(
        new DescribeListenersCommand({ ListenerArns: [listener] }),
      ),
    ELB: () =>
      new ElasticLoadBalancingClient(options).send(
        new DescribeLoadBalancersCommand({ LoadBalancerNames: ['none'] }),
      ),
    SSM: () => new SSMClient(options).send(new DeleteParameterCommand({ Name: '/none' })),
    'SSM, of a value': () =>
      new SSMClient(options).send(new PutParameterCommand({ Name: '/none', Value: '' })),
    'Route 53': () => new Route53Client(options).send(new GetChangeCommand({ Id: 'C0' })),
    'Secrets Manager': () =>
      new SecretsManagerClient(options).send(new GetSecretValueCommand({ SecretId: 'none' })),
  };
}

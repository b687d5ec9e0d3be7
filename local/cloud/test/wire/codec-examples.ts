import { createHash } from 'node:crypto';
import * as acm from '@aws-sdk/client-acm';
import * as apiGateway from '@aws-sdk/client-api-gateway';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as elb from '@aws-sdk/client-elastic-load-balancing';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as events from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import type { RunningService } from '#cloud/wire/service-of.ts';

const arn = 'arn:aws:acm:us-east-1:000000000000:certificate/1';
const when = new Date('2026-11-22T03:00:00Z');

/** One call of one client: what goes out and what comes back, chosen for what its protocol finds hard. */
export type Example = {
  readonly id: RunningService['id'];
  readonly module: Record<string, unknown>;
  readonly client: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly output: Record<string, unknown>;
};

export const examples: readonly Example[] = [
  {
    id: 'acm',
    module: acm,
    client: 'ACMClient',
    operation: 'ImportCertificate',
    input: {
      Certificate: Uint8Array.of(1, 2, 255),
      PrivateKey: Uint8Array.of(4),
      Tags: [{ Key: 'certkeep:attempt', Value: 'a<b>&"c' }],
    },
    output: { CertificateArn: arn },
  },
  {
    id: 'acm',
    module: acm,
    client: 'ACMClient',
    operation: 'DescribeCertificate',
    input: { CertificateArn: arn },
    output: { Certificate: { CertificateArn: arn, NotAfter: when, InUseBy: [], Serial: '0a' } },
  },
  {
    id: 'elb',
    module: elb,
    client: 'ElasticLoadBalancingClient',
    operation: 'DescribeLoadBalancers',
    input: { LoadBalancerNames: ['one', 'two'] },
    output: {
      LoadBalancerDescriptions: [
        {
          LoadBalancerName: 'one',
          CreatedTime: when,
          ListenerDescriptions: [
            {
              Listener: {
                Protocol: 'HTTPS',
                LoadBalancerPort: 443,
                InstancePort: 80,
                SSLCertificateId: arn,
              },
              PolicyNames: [],
            },
          ],
        },
      ],
    },
  },
  {
    id: 'elbv2',
    module: elbv2,
    client: 'ElasticLoadBalancingV2Client',
    operation: 'ModifyListener',
    input: { ListenerArn: 'listener', Port: 8443, Certificates: [{ CertificateArn: arn }] },
    output: { Listeners: [{ ListenerArn: 'listener', Certificates: [{ CertificateArn: arn }] }] },
  },
  {
    id: 'route53',
    module: route53,
    client: 'Route53Client',
    operation: 'ChangeResourceRecordSets',
    input: {
      HostedZoneId: 'Z1',
      ChangeBatch: {
        Comment: 'one',
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: '_acme-challenge.example.com.',
              Type: 'TXT',
              TTL: 60,
              ResourceRecords: [{ Value: '"a"' }, { Value: '"b c"' }],
            },
          },
        ],
      },
    },
    output: { ChangeInfo: { Id: '/change/C1', Status: 'PENDING', SubmittedAt: when } },
  },
  {
    id: 's3',
    module: s3,
    client: 'S3Client',
    operation: 'HeadObject',
    input: { Bucket: 'ledger', Key: 'certificates/a b+c/ä.json', VersionId: 'v1' },
    output: {
      ContentLength: 12,
      ETag: '"abc"',
      LastModified: when,
      Metadata: { 'write-id': 'w1' },
      VersionId: 'v1',
    },
  },
  {
    id: 's3',
    module: s3,
    client: 'S3Client',
    operation: 'ListObjectVersions',
    input: { Bucket: 'ledger', Prefix: 'certificates/', MaxKeys: 10 },
    output: {
      IsTruncated: false,
      Versions: [{ Key: 'a', VersionId: '1', IsLatest: true, LastModified: when, Size: 1 }],
      CommonPrefixes: [{ Prefix: 'b/' }],
    },
  },
  {
    id: 'secretsmanager',
    module: secretsManager,
    client: 'SecretsManagerClient',
    operation: 'PutSecretValue',
    input: {
      SecretId: 'one',
      ClientRequestToken: 'a'.repeat(32),
      SecretBinary: Uint8Array.of(0, 1),
      VersionStages: ['pending'],
    },
    output: { ARN: 'arn', Name: 'one', VersionId: 'a'.repeat(32), VersionStages: ['pending'] },
  },
  {
    id: 'sqs',
    module: sqs,
    client: 'SQSClient',
    operation: 'ReceiveMessage',
    input: { QueueUrl: 'http://127.0.0.1/0/issue.fifo', MaxNumberOfMessages: 1 },
    output: {
      Messages: [
        {
          MessageId: '1',
          ReceiptHandle: 'h',
          Body: '{}',
          // The client compares this MD5 with the one it computes.
          MD5OfBody: createHash('md5').update('{}').digest('hex'),
          Attributes: { ApproximateReceiveCount: '1' },
        },
      ],
    },
  },
  {
    id: 'sns',
    module: sns,
    client: 'SNSClient',
    operation: 'Publish',
    input: {
      TopicArn: 'topic',
      Subject: 'Certificate issued',
      Message: 'line one\nline two & <three>',
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: 'info' },
        raw: { DataType: 'Binary', BinaryValue: Uint8Array.of(7) },
      },
    },
    output: { MessageId: 'm1' },
  },
  {
    id: 'events',
    module: events,
    client: 'EventBridgeClient',
    operation: 'PutEvents',
    input: { Entries: [{ Source: 'certkeep', DetailType: 'issued', Detail: '{}', Time: when }] },
    output: { FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] },
  },
  {
    id: 'sts',
    module: sts,
    client: 'STSClient',
    operation: 'AssumeRole',
    input: {
      RoleArn: 'arn:aws:iam::111111111111:role/deploy',
      RoleSessionName: 'deploy',
      Tags: [{ Key: 'a', Value: 'b' }],
    },
    output: {
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: when,
      },
    },
  },
  {
    id: 'lambda',
    module: lambda,
    client: 'LambdaClient',
    operation: 'Invoke',
    input: {
      FunctionName: 'check',
      InvocationType: 'RequestResponse',
      Payload: Buffer.from('{"force":true}'),
    },
    output: { StatusCode: 200, Payload: Buffer.from('{"ok":true}') },
  },
  {
    id: 'cloudwatch',
    module: cloudwatch,
    client: 'CloudWatchClient',
    operation: 'GetMetricData',
    input: {
      StartTime: when,
      EndTime: when,
      MetricDataQueries: [{ Id: 'm1', Expression: 'm2 / 3', ReturnData: false }],
    },
    output: {
      MetricDataResults: [{ Id: 'm1', Timestamps: [when], Values: [0.5], StatusCode: 'Complete' }],
    },
  },
  {
    id: 'logs',
    module: logs,
    client: 'CloudWatchLogsClient',
    operation: 'FilterLogEvents',
    input: { logGroupName: '/aws/lambda/check', startTime: when.getTime(), filterPattern: '"a b"' },
    output: { events: [{ eventId: '1', message: '{"a":"<&>"}', timestamp: when.getTime() }] },
  },
  {
    id: 'scheduler',
    module: scheduler,
    client: 'SchedulerClient',
    operation: 'UpdateSchedule',
    input: {
      Name: 'check',
      GroupName: 'certkeep',
      ScheduleExpression: 'rate(10 minutes)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
      Target: { Arn: arn, RoleArn: arn, Input: '{"a":1}' },
      State: 'DISABLED',
    },
    output: { ScheduleArn: arn },
  },
  {
    id: 'apigateway',
    module: apiGateway,
    client: 'APIGatewayClient',
    operation: 'UpdateDomainName',
    input: {
      domainName: '*.example.com',
      patchOperations: [{ op: 'replace', path: '/regionalCertificateArn', value: arn }],
    },
    output: {
      domainName: '*.example.com',
      certificateUploadDate: when,
      endpointConfiguration: { types: ['REGIONAL'] },
      tags: { 'certkeep:a': '<&>' },
    },
  },
  {
    id: 'iam',
    module: iam,
    client: 'IAMClient',
    operation: 'GetRole',
    input: { RoleName: 'certkeep-check' },
    output: {
      Role: { Path: '/', RoleName: 'check', RoleId: 'AROA', Arn: arn, CreateDate: when },
    },
  },
];

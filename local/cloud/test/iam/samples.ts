import type { Resources } from '#cloud/iam/resources.ts';

const place = 'us-east-1:000000000000';
const listener = `arn:aws:elasticloadbalancing:${place}:listener/app/shop/1/2`;
const balancer = `arn:aws:elasticloadbalancing:${place}:loadbalancer/app/shop/1`;
const group = `arn:aws:elasticloadbalancing:${place}:targetgroup/answers/1`;
const CertificateArn = `arn:aws:acm:${place}:certificate/1`;
const domain = 'arn:aws:apigateway:us-east-1::/domainnames/api.example.com';
const TopicArn = `arn:aws:sns:${place}:certkeep-alerts`;
const QueueUrl = 'http://127.0.0.1/000000000000/certkeep-issue.fifo';
const Tags = [{ Key: 'team', Value: 'web' }];
const key = `arn:aws:kms:${place}:key/mrk-1`;
const object = { Bucket: 'ledger', Key: 'certificates/shop/record.json' };

/** For every operation with a resource an input that makes use of everything its row looks at. */
export const samples: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  acm: {
    ImportCertificate: { Tags },
    DescribeCertificate: { CertificateArn },
    GetCertificate: { CertificateArn },
    ListTagsForCertificate: { CertificateArn },
    DeleteCertificate: { CertificateArn },
    AddTagsToCertificate: { CertificateArn, Tags },
    RemoveTagsFromCertificate: { CertificateArn, Tags },
  },
  apigateway: {
    CreateDomainName: { domainName: 'api.example.com', tags: { team: 'web' } },
    GetDomainName: { domainName: 'api.example.com' },
    UpdateDomainName: {
      domainName: 'api.example.com',
      patchOperations: [{ op: 'replace', path: '/certificateArn', value: CertificateArn }],
    },
    TagResource: { resourceArn: domain, tags: { team: 'web' } },
    GetTags: { resourceArn: domain },
  },
  cloudwatch: {
    PutMetricData: { Namespace: 'test' },
    ListMetrics: {},
    GetMetricData: {},
    GetMetricStatistics: {},
    DescribeAlarms: { AlarmNames: ['certkeep-CheckSilent'] },
    DescribeAlarmHistory: { AlarmName: 'certkeep-CheckSilent' },
    SetAlarmState: { AlarmName: 'certkeep-CheckSilent' },
  },
  elb: {
    CreateLoadBalancer: { LoadBalancerName: 'legacy', Scheme: 'internal', Tags },
    DescribeTags: { LoadBalancerNames: ['legacy'] },
    SetLoadBalancerListenerSSLCertificate: { LoadBalancerName: 'legacy' },
    AddTags: { LoadBalancerNames: ['legacy'], Tags },
  },
  elbv2: {
    CreateLoadBalancer: { Name: 'shop', Scheme: 'internal', Tags },
    CreateListener: { LoadBalancerArn: balancer, Protocol: 'HTTPS', SslPolicy: 'x' },
    ModifyListener: { ListenerArn: listener, Protocol: 'HTTPS', SslPolicy: 'x' },
    AddListenerCertificates: { ListenerArn: listener },
    RemoveListenerCertificates: { ListenerArn: listener },
    RemoveTags: { ResourceArns: [balancer] },
    DeleteListener: { ListenerArn: listener },
    CreateRule: { ListenerArn: listener, Tags },
    CreateTargetGroup: { Name: 'answers', Tags },
    RegisterTargets: { TargetGroupArn: group },
    DeleteTargetGroup: { TargetGroupArn: group },
    DeleteRule: { RuleArn: `${listener.replace(':listener/', ':listener-rule/')}/3` },
    AddTags: { ResourceArns: [balancer], Tags },
    DescribeTags: { ResourceArns: [balancer] },
  },
  events: {
    CreateEventBus: { Name: 'certkeep', Tags },
    DeleteEventBus: { Name: 'certkeep' },
    PutRule: { Name: 'issued', EventBusName: 'certkeep', Tags },
    PutTargets: { Rule: 'issued', EventBusName: 'certkeep', Targets: [{ Id: '1', Arn: key }] },
    RemoveTargets: { Rule: 'issued', EventBusName: 'certkeep' },
    DeleteRule: { Name: 'issued' },
    ListTargetsByRule: { Rule: 'issued' },
    PutEvents: { Entries: [{ EventBusName: 'certkeep', Source: 'certkeep', DetailType: 'x' }] },
  },
  iam: {
    UploadServerCertificate: { ServerCertificateName: 'shop', Path: '/certkeep/us-east-1/', Tags },
    GetServerCertificate: { ServerCertificateName: 'shop' },
    DeleteServerCertificate: { ServerCertificateName: 'shop' },
    GetRole: { RoleName: 'certkeep-us-east-1-check' },
    ListRolePolicies: { RoleName: 'certkeep-us-east-1-check' },
    GetRolePolicy: { RoleName: 'certkeep-us-east-1-check', PolicyName: 'rights' },
    ListAttachedRolePolicies: { RoleName: 'certkeep-us-east-1-check' },
    SimulatePrincipalPolicy: {
      PolicySourceArn: 'arn:aws:iam::000000000000:role/certkeep-us-east-1-alert',
    },
  },
  lambda: {
    GetFunctionConfiguration: { FunctionName: 'certkeep-check' },
    Invoke: { FunctionName: 'certkeep-check' },
  },
  logs: {
    DescribeLogGroups: {},
    DescribeLogStreams: { logGroupName: '/aws/lambda/certkeep-check' },
    FilterLogEvents: { logGroupName: '/aws/lambda/certkeep-check' },
    GetLogEvents: { logGroupName: '/aws/lambda/certkeep-check', logStreamName: 's' },
  },
  route53: {
    CreateHostedZone: { Name: 'example.com' },
    GetHostedZone: { Id: '/hostedzone/Z1' },
    ListResourceRecordSets: { HostedZoneId: 'Z1' },
    ChangeResourceRecordSets: {
      HostedZoneId: 'Z1',
      ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: { Name: 'a', Type: 'A' } }] },
    },
    GetChange: { Id: '/change/C1' },
  },
  s3: {
    CreateBucket: object,
    DeleteBucket: object,
    HeadBucket: object,
    PutBucketVersioning: object,
    ListObjectsV2: { ...object, Prefix: 'certificates/', Delimiter: '/', MaxKeys: 1 },
    ListObjectVersions: { ...object, Prefix: 'certificates/', Delimiter: '/', MaxKeys: 1 },
    GetObject: { ...object, VersionId: '1' },
    HeadObject: { ...object, Key: 'nothing', ChecksumMode: 'ENABLED' },
    PutObject: { ...object, IfMatch: '"e"', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key },
    CopyObject: { ...object, CopySource: 'ledger/a', IfNoneMatch: '*' },
    DeleteObject: { ...object, IfMatch: '"e"' },
  },
  scheduler: {
    GetSchedule: { GroupName: 'certkeep', Name: 'check' },
    ListSchedules: { GroupName: 'certkeep' },
    UpdateSchedule: {
      GroupName: 'certkeep',
      Name: 'check',
      Target: { RoleArn: 'arn:aws:iam::000000000000:role/certkeep-us-east-1-schedule' },
    },
  },
  secretsmanager: {
    CreateSecret: {
      Name: 'certkeep/shop',
      Description: 'x',
      KmsKeyId: 'alias/certkeep',
      SecretString: 'x',
      Tags,
      AddReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: 'alias/certkeep' }],
    },
    ReplicateSecretToRegions: {
      SecretId: 'certkeep/shop',
      AddReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: 'alias/certkeep' }],
    },
    RemoveRegionsFromReplication: { SecretId: 'certkeep/shop' },
    DescribeSecret: { SecretId: 'certkeep/shop' },
    DeleteSecret: { SecretId: 'certkeep/shop', RecoveryWindowInDays: 7 },
    RestoreSecret: { SecretId: 'certkeep/shop' },
    TagResource: { SecretId: 'certkeep/shop', Tags },
    PutSecretValue: { SecretId: 'certkeep/shop', ClientRequestToken: 'v' },
    GetSecretValue: { SecretId: 'certkeep/shop', VersionId: 'v', VersionStage: 'AWSCURRENT' },
    UpdateSecretVersionStage: { SecretId: 'certkeep/shop', VersionStage: 'AWSCURRENT' },
    ListSecretVersionIds: { SecretId: 'certkeep/shop' },
  },
  sns: {
    CreateTopic: { Name: 'certkeep-alerts', Tags },
    DeleteTopic: { TopicArn },
    GetTopicAttributes: { TopicArn },
    SetTopicAttributes: { TopicArn },
    Subscribe: { TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' },
    Unsubscribe: { SubscriptionArn: `${TopicArn}:1` },
    SetSubscriptionAttributes: { SubscriptionArn: `${TopicArn}:1` },
    ListSubscriptionsByTopic: { TopicArn },
    Publish: { TopicArn },
  },
  sqs: {
    DeleteQueue: { QueueUrl },
    CreateQueue: { QueueName: 'certkeep-issue.fifo' },
    GetQueueUrl: { QueueName: 'certkeep-issue.fifo' },
    GetQueueAttributes: { QueueUrl },
    SetQueueAttributes: { QueueUrl },
    SendMessage: { QueueUrl },
    ReceiveMessage: { QueueUrl },
    DeleteMessage: { QueueUrl },
    ChangeMessageVisibility: { QueueUrl },
    PurgeQueue: { QueueUrl },
  },
  cloudfront: {
    CreateDistributionWithTags: { DistributionConfigWithTags: { Tags: { Items: Tags } } },
    ListTagsForResource: { Resource: 'arn:aws:cloudfront::000000000000:distribution/E1' },
    TagResource: {
      Resource: 'arn:aws:cloudfront::000000000000:distribution/E1',
      Tags: { Items: Tags },
    },
  },
  ssm: {
    AddTagsToResource: { ResourceId: '/certkeep/shop/certificate-arn', Tags },
    ListTagsForResource: { ResourceId: '/certkeep/shop/certificate-arn' },
    PutParameter: { Name: '/certkeep/shop/certificate-arn', Overwrite: true, Tags },
    GetParameter: { Name: '/certkeep/shop/certificate-arn' },
    DeleteParameter: { Name: '/certkeep/shop/certificate-arn' },
    CreateDocument: { Name: 'certkeep-files' },
    SendCommand: { DocumentName: 'certkeep-files', InstanceIds: ['i-0123456789abcdef0'] },
  },
  tagging: { GetResources: {} },
  sts: {
    AssumeRole: {
      RoleArn: 'arn:aws:iam::111111111111:role/certkeep-r-place',
      RoleSessionName: 'deploy',
      ExternalId: 'x',
    },
  },
};

/** Where everything is there, tagged and encrypted. */
export const everything: Resources = {
  tagsOf: () => new Map([['team', 'web']]),
  encryptionOf: () => ({ key, bucketKey: true }),
  serverCertificate: (_, name) => `arn:aws:iam::000000000000:server-certificate/${name}`,
  topicKeyOf: () => 'alias/certkeep',
  bucketOwner: () => '000000000000',
  objectAt: (_, name) =>
    name === 'nothing' ? null : { algorithm: undefined, keyId: undefined, bucketKey: false },
  secret: () => ({
    arn: `arn:aws:secretsmanager:${place}:secret:certkeep/shop-AbCdEf`,
    tags: new Map([['team', 'web']]),
    kmsKeyId: 'alias/certkeep',
    primaryRegion: 'us-east-1',
    hasVersion: () => true,
    versionOf: () => 'v',
  }),
  refuseReplica: () => undefined,
};

import { metricNamespace } from '#shared/alarms.ts';
import { inBucket } from '#shared/aws/encryption-context.ts';
import { type BundleName, permissionNames as names, type QueueName } from '#shared/installation.ts';
import { partPrefix, readBy, type Writer } from '#shared/ledger/parts/writers.ts';
import type { Permission } from '#shared/schema/plugin.ts';
import type { Stage } from '#shared/stage.ts';

const bucket = `arn:{partition}:s3:::${names.bucket}`;
const wholeRecord = `${bucket}/certificates/*/record.json`;
const versions = `${bucket}/certificates/*/versions/*`;
const replicaBucket = `arn:{partition}:s3:::${names.replicaBucket('{replica}')}`;
const looks = `${bucket}/replicas/{replica}.json`;
const proofs = `${bucket}/rights/proofs.json`;
const status = `${bucket}/status/status.json`;
const found = `${bucket}/listeners/found.json`;
const approved = `${bucket}/discovery/approved.json`;
const rounds = `${bucket}/listeners/rounds.json`;
const recalls = `${bucket}/advice/recalls.json`;
const verified = `${bucket}/observations/verify.json`;
const told = `${bucket}/told/told.json`;

/** What a function reads of the records, and the one object of each that is its own to write. */
function recordPermissions<Name extends string>(stage: Stage, writer: Writer, name: Name) {
  const objectsOf = (each: Writer) => `${bucket}/${partPrefix(each)}*.json`;
  return [
    {
      sid: `ReadRecordsFor${name}`,
      stages: [stage],
      actions: ['s3:GetObject'],
      resources: [...readBy[writer].map(objectsOf), wholeRecord],
      reason: 'What the other functions have written of each certificate.',
    },
    {
      sid: `KeepRecordsOf${name}`,
      stages: [stage],
      actions: ['s3:PutObject'],
      resources: [objectsOf(writer)],
      reason: 'What it did it writes down itself, by compare-and-swap; nobody else may.',
    },
  ] as const satisfies readonly Permission[];
}

/** What the adapters of this folder need: configuration, ledger, public parts, queues and the event bus. */
export const foundationPermissions = [
  {
    sid: 'ReadConfiguration',
    stages: ['check', 'issue', 'import', 'verify', 'sync', 'alert'],
    actions: ['s3:GetObject'],
    resources: ['arn:{partition}:s3:::{configBucket}/*.json'],
    reason:
      'The deployed configuration, of which only the one with the digest in the environment is believed. Its key changes with it: while a deployment goes on, functions of before and after read theirs by the same policy.',
  },
  ...recordPermissions('check', 'check', 'Check'),
  ...recordPermissions('issue', 'issue', 'Issue'),
  ...recordPermissions('import', 'deploy', 'Deploy'),
  ...recordPermissions('verify', 'verify', 'Verify'),
  ...recordPermissions('sync', 'sync', 'Sync'),
  {
    sid: 'KeepRecalls',
    stages: ['issue'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [recalls],
    reason: 'What CAs were seen to revoke, or to want replaced sooner.',
  },
  {
    sid: 'ReadRecalls',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [recalls],
    reason: 'Certificates of such a CA are asked about before their time.',
  },
  {
    sid: 'KeepIssuers',
    stages: ['issue'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`${bucket}/issuers/*.json`],
    reason: 'What certificates with several issuers know together of each, by compare-and-swap.',
  },
  {
    sid: 'KeepBudgets',
    stages: ['issue'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`${bucket}/budgets/*.json`],
    reason: 'What is used up of the limits of each CA, by compare-and-swap.',
  },
  {
    sid: 'ReadBudgets',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [`${bucket}/budgets/*.json`],
    reason: 'Orders are sent as the limits of each CA allow.',
  },
  {
    sid: 'KeepDispatched',
    stages: ['check'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`${bucket}/dispatch/*`],
    reason: 'What was sent, and when, by compare-and-swap. Nobody else writes it.',
  },
  {
    sid: 'KeepSweeps',
    stages: ['verify'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [verified],
    reason:
      'What verify has seen of records and endpoints, by compare-and-swap. Nobody else writes it.',
  },
  {
    sid: 'ReadSweeps',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [verified],
    reason: 'Which endpoints were seen to serve what the record says already, and when.',
  },
  {
    sid: 'KeepObservations',
    stages: ['check'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`${bucket}/observations/check.json`],
    reason:
      'What check has seen of secrets and topics, by compare-and-swap. Nobody else writes it.',
  },
  {
    sid: 'CountListeners',
    stages: ['check'],
    actions: ['sns:ListSubscriptionsByTopic'],
    resources: [names.topic, names.watchTopic].map(
      (topic) => `arn:{partition}:sns:{region}:{account}:${topic}`,
    ),
    reason: 'Sees every six hours that somebody gets the messages.',
  },
  {
    sid: 'CountListenersElsewhere',
    stages: ['check'],
    actions: ['sns:ListSubscriptionsByTopic'],
    resources: ['{topicElsewhere}'],
    reason:
      'Sees every six hours that somebody would hear that home is silent, or what ACM reports.',
  },
  {
    sid: 'LookAtTopicsOfAlarms',
    stages: ['check'],
    actions: ['sns:GetTopicAttributes'],
    resources: [`arn:{partition}:sns:{region}:{account}:${names.watchTopic}`, '{topicElsewhere}'],
    reason: 'Sees every six hours that alarms, and the rules that ACM sets off, may publish there.',
  },
  {
    sid: 'LookAtAlarms',
    stages: ['check'],
    actions: ['cloudwatch:DescribeAlarms'],
    resources: [anyAlarm('{region}'), anyAlarm('{firstReplica}')],
    reason: 'Sees every six hours that each alarm is there with its actions on.',
  },
  {
    sid: 'KeepMetrics',
    stages: ['check'],
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringEquals: { 'cloudwatch:namespace': metricNamespace } },
    reason:
      'Alarms ring by them: at home where alert does not come, in the first replica where no check is complete. Metrics have no ARN.',
  },
  {
    sid: 'ReadHeartbeat',
    stages: ['check'],
    actions: ['secretsmanager:GetSecretValue'],
    // Secrets Manager appends a hyphen and six characters to the name.
    resources: ['arn:{partition}:secretsmanager:{region}:{account}:secret:{heartbeat}-??????'],
    needs: 'heartbeat',
    reason: 'The address that is requested after each complete check.',
  },
  {
    sid: 'SeeThatAlertCame',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [told],
    reason: 'When alert came last: an alarm rings by its age.',
  },
  {
    sid: 'KeepStatus',
    stages: ['check'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [status],
    reason: 'The state of every certificate, for people and other tools. Nobody else writes it.',
  },
  {
    sid: 'KeepProofsOfRights',
    stages: ['import'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [proofs],
    reason: 'Where deploy has proven that renewals are allowed, by compare-and-swap.',
  },
  {
    sid: 'ReadProofsOfRights',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [proofs],
    reason: 'Asks for the proofs that are missing.',
  },
  {
    sid: 'KeepRounds',
    stages: ['verify'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [rounds],
    reason: 'Which listeners were looked at, by compare-and-swap.',
  },
  {
    sid: 'ReadRounds',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [rounds],
    reason: 'Asks for the next look at the listeners of a place.',
  },
  {
    sid: 'KeepFound',
    stages: ['verify'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [found],
    needs: 'discovery',
    reason: 'What carries the tag of a certificate, by compare-and-swap.',
  },
  {
    sid: 'ReadFound',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [found],
    needs: 'discovery',
    reason: 'Tells people what is found, and approves what is trusted.',
  },
  {
    sid: 'KeepApprovals',
    stages: ['check'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [approved],
    needs: 'discovery',
    reason:
      'Which of the resources with a tag were approved, by compare-and-swap. Nobody else writes it.',
  },
  {
    sid: 'ReadApprovals',
    stages: ['issue', 'import', 'verify'],
    actions: ['s3:GetObject'],
    resources: [approved],
    needs: 'discovery',
    reason: 'What is approved is a target like those of the configuration.',
  },
  {
    sid: 'KeepLanes',
    stages: ['import'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`${bucket}/lanes/*.json`],
    reason: 'Runs take turns at ACM’s one import a second in a place, by compare-and-swap.',
  },
  {
    sid: 'TellMissingFromForbidden',
    stages: ['check', 'issue', 'import', 'verify', 'sync', 'alert'],
    actions: ['s3:ListBucket'],
    resources: [bucket],
    reason:
      'S3 answers 403 instead of 404 for what is not there without it; check and verify list records.',
  },
  {
    sid: 'WritePublicParts',
    stages: ['store'],
    actions: ['s3:PutObject'],
    resources: [versions],
    reason: 'Certificates and chains, for whoever needs no key.',
  },
  {
    sid: 'ReadPublicParts',
    stages: ['check', 'sync', 'issue'],
    actions: ['s3:GetObject'],
    resources: [versions],
    reason:
      'What is copied to the replicas, who signed what may be on a list of revocations, and what the certificate says that a record may have been made to contradict.',
  },
  {
    sid: 'KeepTold',
    stages: ['alert'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [told],
    reason: 'What people were told last, by compare-and-swap. Nobody else writes it.',
  },
  {
    sid: 'ReadStatus',
    stages: ['alert'],
    actions: ['s3:GetObject'],
    resources: [status],
    reason: 'People are told what check has written, and nothing else.',
  },
  {
    sid: 'OpenObjects',
    stages: ['check', 'issue', 'import', 'verify', 'sync', 'alert'],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['{key}'],
    conditions: {
      StringEquals: { 'kms:ViaService': 's3.{region}.{urlSuffix}' },
      StringLike: inBucket(bucket),
    },
    reason:
      'The bucket is encrypted with the key of the installation. Through S3 it opens no secret.',
  },
  {
    sid: 'CopyToReplicas',
    stages: ['sync'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [
      `${replicaBucket}/certificates/*/record.json`,
      `${replicaBucket}/certificates/*/versions/*`,
    ],
    reason: 'Copies what is public to the other regions, and reads it back.',
  },
  {
    sid: 'LookIntoReplicas',
    stages: ['sync'],
    actions: ['s3:ListBucket'],
    resources: [replicaBucket],
    reason:
      'Lists the copies once a day, to find what is gone; and without it S3 answers 403 instead of 404 for what is not there.',
  },
  {
    sid: 'KeepLooksAtReplicas',
    stages: ['sync'],
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [looks],
    reason: 'How far the daily look at the copies has come. Nobody else writes it.',
  },
  {
    sid: 'ReadLooksAtReplicas',
    stages: ['check'],
    actions: ['s3:GetObject'],
    resources: [looks],
    reason: 'Asks for the look that is due, and tells of a region that cannot be listed.',
  },
  {
    sid: 'OpenReplicaObjects',
    stages: ['sync'],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['{replicaKey}'],
    conditions: {
      StringEquals: { 'kms:ViaService': 's3.{replica}.{urlSuffix}' },
      StringLike: inBucket(replicaBucket),
    },
    reason: 'The replica buckets are encrypted with the replicas of the key.',
  },
  {
    sid: 'AskForIssue',
    stages: ['check', 'issue', 'sync'],
    actions: ['sqs:SendMessage'],
    resources: [queueArn('issue')],
    reason: 'What is due to be issued or to go on, and secrets that lack a replica.',
  },
  {
    sid: 'AskForDeploy',
    stages: ['check', 'issue', 'import', 'verify'],
    actions: ['sqs:SendMessage'],
    resources: [queueArn('deploy')],
    reason: 'What is issued, overdue, to go on, or to be put back.',
  },
  {
    sid: 'AskForVerify',
    stages: ['check', 'import', 'verify'],
    actions: ['sqs:SendMessage'],
    resources: [queueArn('verify')],
    reason: 'What awaits proof.',
  },
  {
    sid: 'StartUrgentWork',
    stages: ['check'],
    actions: ['lambda:InvokeFunction'],
    resources: [
      functionArn('issue'),
      functionArn('deploy'),
      functionArn('verify'),
      functionArn('sync'),
    ],
    reason: 'What cannot wait in a queue, and a look at a region that lags.',
  },
  {
    sid: 'StartUrgentDeploys',
    stages: ['issue', 'verify'],
    actions: ['lambda:InvokeFunction'],
    resources: [functionArn('deploy')],
    reason:
      'What replaces a revoked, ended or forced certificate, and what puts an endpoint back, does not queue.',
  },
  {
    sid: 'PublishEvents',
    stages: ['check', 'issue', 'import', 'verify'],
    actions: ['events:PutEvents'],
    resources: [`arn:{partition}:events:{region}:{account}:event-bus/${names.bus}`],
    reason: 'Events leave the records through the bus of the installation.',
  },
] as const satisfies readonly Permission[];

function anyAlarm(region: string): string {
  return `arn:{partition}:cloudwatch:${region}:{account}:alarm:*`;
}

function queueArn(queue: QueueName): string {
  return `arn:{partition}:sqs:{region}:{account}:${names.queue(queue)}`;
}

function functionArn(name: BundleName): string {
  return `arn:{partition}:lambda:{region}:{account}:function:${names.function(name)}`;
}

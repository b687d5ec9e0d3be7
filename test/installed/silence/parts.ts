import type { ListRulesResponse } from '@aws-sdk/client-eventbridge';
import {
  DeleteObjectCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  RemoveRegionsFromReplicationCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  ListSubscriptionsByTopicCommand,
  SNSClient,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import type { StandingResource } from 'local-cloud/deploy/deployments.ts';
import { operatorClient, sceneryClient } from 'local-cloud/operator.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { accountsOf } from '#shared/issuers/account-name.ts';
import { assemblyOf } from '#test/support/world-assembly.ts';
import { statementsIn, without } from '../rights/statements.ts';
import { deleteListener, replaceCertificate } from './listener.ts';
import type { Stage } from './stage.ts';

/**
 * `watcher`: it tells people, or watches what does; a day is all that it may be away unnoticed. `path`: certificates are
 * renewed with it. `clients`: they are hurt at once.
 */
type Kind = 'watcher' | 'path' | 'clients';

export type Part = {
  readonly name: string;
  readonly how: 'deleted' | 'off' | 'denied' | 'down';
  readonly kind: Kind;
  stop(stage: Stage): Promise<void> | void;
};

const home = { account: '000000000000', region: 'us-east-1', accessKeyId: 'a-person' };

/** Everything that can stop, always in the same order. */
export function partsOf(stage: Stage): readonly Part[] {
  return [...deletions(stage.world.deployments.resources()), ...denials(stage), ...others];
}

/** Somebody deletes one thing by hand that the templates create. Log groups are left out: nothing depends on them. */
function deletions(resources: readonly StandingResource[]): readonly Part[] {
  return resources
    .filter(({ type }) => type !== 'AWS::Logs::LogGroup')
    .map((resource) => ({
      name: nameOf(resource),
      how: 'deleted',
      kind: kindOf(resource),
      stop: ({ world }) => remove(world, resource),
    }));
}

/** A bucket has to be empty. */
function remove({ cloud, deployments }: Stage['world'], resource: StandingResource): void {
  const { ref: Bucket, type } = resource;
  const region = resource.stack.split(' ').at(-1) ?? '';
  const call = { ...home, region };
  const left = () =>
    ask<ListObjectVersionsCommandOutput>(cloud.s3, 'ListObjectVersions', { Bucket }, call);
  if (type === 'AWS::S3::Bucket') {
    for (let page = left(); (page.Versions ?? []).length > 0; page = left()) {
      for (const { Key, VersionId } of page.Versions ?? []) {
        ask(cloud.s3, 'DeleteObject', { Bucket, Key, VersionId }, call);
      }
    }
  }
  deployments.removeByHand(resource);
}

const watcherTypes = ['AWS::CloudWatch::Alarm', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'];

function kindOf({ logicalId, type }: StandingResource): Kind {
  // Alert publishes by the rights of its role, and an alarm counts its failures.
  if (/AlertsPolicy|Invocations/.test(logicalId)) return 'path';
  return watcherTypes.includes(type) || /Alert/.test(logicalId) ? 'watcher' : 'path';
}

/** `Lambda::Function certkeep-issue`, with its region where that is not home. */
function nameOf({ logicalId, ref, stack, type }: StandingResource): string {
  const own = ref.startsWith('certkeep-Certkeep') || ref.includes('|') || ref.includes('Policy');
  const name = own
    ? logicalId.replace(/^Certkeep|[0-9A-F]{8}$/g, '')
    : (ref.split(/[/:]/).at(-1) ?? ref);
  const [account, , region] = stack.split(' ');
  const where =
    account !== home.account ? ` of ${account}` : region === home.region ? '' : ` in ${region}`;
  const short = type.replace('AWS::', '');
  return /^mrk-/.test(name) ? `${short}${where}` : `${short} ${name}${where}`;
}

/** Alert tells people without these, as long as its container lives and every object is there. */
const besidesTelling = [
  'KeepFailedEvents',
  'ReadConfiguration',
  'SeeOwnRights',
  'TellMissingFromForbidden',
  'WriteLogs',
];

/** A statement that is taken away from a role. */
function denials(stage: Stage): readonly Part[] {
  const { config } = stage.world.landscape;
  return statementsIn(assemblyOf(config)).map(({ role, sid }) => ({
    name: `${role} ${sid}`,
    how: 'denied',
    kind: /-alert$/.test(role) && !besidesTelling.includes(sid) ? 'watcher' : 'path',
    stop: ({ change }) => change((assembly) => without(assembly, [{ role, sid }])),
  }));
}

/** Parts that are switched off, or fail outside of the installation. */
const others: readonly Part[] = [
  off('the schedule of check', 'path', (stage) => disableSchedule(stage, 'CheckSchedule')),
  off('the schedule of verify', 'path', (stage) => disableSchedule(stage, 'VerifySchedule')),
  off('the rule that starts alert', 'watcher', (stage) => disableRule(stage, 'checked')),
  off('the rule that starts sync', 'path', (stage) => disableRule(stage, 'issued')),
  off('the actions of all alarms', 'watcher', ({ world }) => {
    for (const alarm of world.cloud.cloudwatch.alarms.all(home)) {
      world.cloud.cloudwatch.alarms.put(home, { ...alarm.settings, ActionsEnabled: false });
    }
  }),
  gone('the subscription to alerts', 'watcher', (stage) => unsubscribe(stage, 'certkeep-alerts')),
  gone('the subscription to watch', 'watcher', (stage) => unsubscribe(stage, 'certkeep-watch')),
  gone('the subscription to watch in eu-west-1', 'watcher', (stage) =>
    unsubscribe(stage, 'certkeep-watch', 'eu-west-1'),
  ),
  gone('both subscriptions at home', 'watcher', async (stage) => {
    await unsubscribe(stage, 'certkeep-alerts');
    await unsubscribe(stage, 'certkeep-watch');
  }),
  gone('the whole home stack', 'path', ({ world }) => {
    for (const resource of world.deployments.resources().toReversed()) {
      if (/ certkeep us-east-1$/.test(resource.stack)) remove(world, resource);
    }
  }),
  gone('the secret of a certificate', 'path', (stage) => deleteSecret(stage, 'certkeep/shop')),
  gone('the keys of the accounts at the CA', 'path', async (stage) => {
    const accounts = accountsOf({ issuers: ['local'] }, stage.world.landscape.config);
    for (const account of accounts) await deleteSecret(stage, `certkeep-accounts/${account}`);
  }),
  gone('the secret of the heartbeat', 'watcher', (stage) => deleteSecret(stage, 'ops/heartbeat')),
  gone('the configuration in its bucket', 'path', async (stage) => {
    const { functions } = stage.world.cloud.lambda;
    const [any] = functions.values();
    const { CERTKEEP_CONFIG_BUCKET: bucket, CERTKEEP_CONFIG_KEY: key } = any?.environment ?? {};
    await deleteObject(stage, bucket, key);
  }),
  gone('the listener of a certificate', 'clients', deleteListener),
  gone('the certificate at its listener', 'clients', replaceCertificate),
  down('the CA', (stage) => refuse(stage, 'acme')),
  down('Route 53', (stage) => refuse(stage, 'route53')),
  down('ACM', (stage) => refuse(stage, 'acm')),
  down('Secrets Manager', (stage) => refuse(stage, 'secretsmanager')),
  down('Elastic Load Balancing', (stage) => refuse(stage, 'elbv2')),
  down('STS', (stage) => refuse(stage, 'sts')),
  down('EventBridge', (stage) => refuse(stage, 'events')),
  down('SQS', (stage) => refuse(stage, 'sqs')),
];

type Stop = Part['stop'];

function off(name: string, kind: Kind, stop: Stop): Part {
  return { name, how: 'off', kind, stop };
}

function gone(name: string, kind: Kind, stop: Stop): Part {
  return { name, how: 'deleted', kind, stop };
}

function down(name: string, stop: Stop): Part {
  return { name, how: 'down', kind: 'path', stop };
}

async function disableSchedule({ world }: Stage, part: string): Promise<void> {
  const client = new SchedulerClient(operatorClient(world.cloud, home.region));
  const { Schedules = [] } = await client.send(new ListSchedulesCommand({ GroupName: 'certkeep' }));
  const found = Schedules.find(({ Name }) => Name?.includes(part));
  const { GroupName, Name } = found ?? {};
  const shown = await client.send(new GetScheduleCommand({ GroupName, Name }));
  const { $metadata, Arn, CreationDate, LastModificationDate, ...kept } = shown;
  const { FlexibleTimeWindow, ScheduleExpression, Target } = kept;
  const needed = { Name, FlexibleTimeWindow, ScheduleExpression, Target };
  await client.send(new UpdateScheduleCommand({ ...kept, ...needed, State: 'DISABLED' }));
}

function disableRule({ world }: Stage, type: string): void {
  const { events } = world.cloud;
  const EventBusName = 'certkeep';
  const { Rules = [] } = ask<ListRulesResponse>(events, 'ListRules', { EventBusName }, home);
  const rule = Rules.find(({ EventPattern }) => EventPattern?.includes(`"${type}"`));
  if (!rule) throw new Error(`there is no rule for ${type}`);
  const { EventPattern, Name } = rule;
  ask(events, 'PutRule', { EventBusName, EventPattern, Name, State: 'DISABLED' }, home);
}

async function unsubscribe({ world }: Stage, topic: string, region = home.region): Promise<void> {
  const sns = new SNSClient(operatorClient(world.cloud, region));
  const TopicArn = `arn:aws:sns:${region}:${home.account}:${topic}`;
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  for (const { SubscriptionArn } of Subscriptions) {
    if (SubscriptionArn?.startsWith('arn:'))
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  }
}

async function deleteSecret({ world }: Stage, SecretId: string): Promise<void> {
  const secrets = new SecretsManagerClient(operatorClient(world.cloud, home.region));
  const { ReplicationStatus = [] } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  const RemoveReplicaRegions = ReplicationStatus.flatMap(({ Region }) => Region ?? []);
  if (RemoveReplicaRegions.length > 0) {
    const input = { SecretId, RemoveReplicaRegions };
    await secrets.send(new RemoveRegionsFromReplicationCommand(input));
  }
  await secrets.send(new DeleteSecretCommand({ SecretId }));
}

async function deleteObject({ world }: Stage, Bucket?: string, Key?: string): Promise<void> {
  const s3 = new S3Client({ ...sceneryClient(world.cloud, home.region), forcePathStyle: true });
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

function refuse({ world }: Stage, service: string): void {
  world.cloud.faults.add({
    when: (call) => call.service === service && call.caller !== null,
    fault: { do: 'refuse', code: 'InternalFailure', status: 500 },
    times: Number.POSITIVE_INFINITY,
  });
}

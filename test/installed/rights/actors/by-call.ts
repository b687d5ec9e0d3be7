import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import {
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { importInput } from 'local-cloud/kit/certificates.ts';
import type { World } from '#test/support/world.ts';
import type { Attempt } from './attempt.ts';
import type { Hands } from './hands.ts';
import { isTold, lieAbout } from './lie.ts';
import { accountSecret, foreignTxt, isServed, lookAlike, otherTeam, ownSecret } from './stage.ts';

/** Calls to AWS that the actor makes itself. */
export const byCall: readonly Attempt[] = [
  {
    id: 'key',
    what: 'the key of a certificate',
    severity: 'critical',
    act: async ({ client }) => {
      const secrets = new SecretsManagerClient(client);
      await secrets.send(new GetSecretValueCommand({ SecretId: ownSecret }));
    },
    through: async () => true,
  },
  {
    id: 'account',
    what: 'the key of an ACME account',
    severity: 'critical',
    act: async ({ client, world }) => {
      const secrets = new SecretsManagerClient(client);
      await secrets.send(new GetSecretValueCommand({ SecretId: accountSecret(world) }));
    },
    through: async () => true,
  },
  {
    id: 'dns',
    what: 'a TXT value at `_acme-challenge`, which proves a name to a CA',
    severity: 'high',
    act: async ({ client, world }) => {
      const Name = '_acme-challenge.thief.example.com';
      const ResourceRecords = [{ Value: `"${'x'.repeat(43)}"` }];
      const ResourceRecordSet = { Name, Type: 'TXT' as const, TTL: 60, ResourceRecords };
      await new Route53Client(client).send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: foreignTxt.zoneId(world),
          ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
        }),
      );
    },
    through: async () => true,
  },
  {
    id: 'listener',
    what: 'another certificate at a listener of ours, by a call',
    severity: 'high',
    act: async ({ client, world }) => {
      const target = world.landscape.config.certificates.find(({ id }) => id === 'called')
        ?.targets[0];
      if (target?.type !== 'alb') throw new Error('called has no listener');
      const Certificates = [{ CertificateArn: otherTeam(world).arn }];
      await new ElasticLoadBalancingV2Client(client).send(
        new ModifyListenerCommand({ ListenerArn: target.listener, Certificates }),
      );
    },
    through: async () => true,
  },
  {
    id: 'over',
    what: 'a look-alike with our serial, imported over our ARN and recorded as proven',
    severity: 'high',
    act: async ({ client, world }) => {
      const arn = Object.values(world.record('copied').imports)[0]?.arn;
      if (!arn) throw new Error('copied is not imported');
      const twin = await lookAlike(world, 'copied').made;
      await new ACMClient(client).send(
        new ImportCertificateCommand({ ...importInput(twin), CertificateArn: arn }),
      );
    },
    through: async (world) => isServedAndBelieved(world, 'copied'),
  },
  {
    id: 'plant',
    what: 'a look-alike with our serial and our tags, bound and recorded as proven',
    severity: 'high',
    act: async ({ client, world }) => {
      const twin = await lookAlike(world, 'planted').made;
      const version = world.record('planted').versions.at(-1);
      const acm = new ACMClient(client);
      const { CertificateArn } = await acm.send(
        new ImportCertificateCommand({
          ...importInput(twin),
          Tags: [
            { Key: 'certkeep:managed', Value: 'certkeep' },
            { Key: 'certkeep:certificate', Value: 'planted' },
            { Key: 'certkeep:attempt', Value: version?.id ?? '' },
          ],
        }),
      );
      if (!CertificateArn) throw new Error('nothing was imported');
    },
    through: async (world) => isServedAndBelieved(world, 'planted'),
  },
  {
    id: 'put-events',
    what: 'a message that is made up, through the bus',
    severity: 'medium',
    act: async ({ client, world }) => {
      const detail = { events: [lieAbout('told', 'bus', world.clock.now())] };
      const { Entries = [], FailedEntryCount } = await new EventBridgeClient(client).send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: 'certkeep',
              Source: 'certkeep',
              DetailType: 'checked',
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      );
      if (FailedEntryCount) throw new Error(`not taken: ${Entries[0]?.ErrorCode}`);
    },
    through: isTold('bus'),
  },
  {
    id: 'alert',
    what: 'a message that is made up, by starting alert',
    severity: 'medium',
    act: ({ client, world }) =>
      invoke(client, world.names.functionName('alert'), {
        detail: { events: [lieAbout('told', 'invocation', world.clock.now())] },
      }),
    through: isTold('invocation'),
  },
  {
    id: 'force',
    what: 'orders at will, which use up a limit of the CA',
    severity: 'medium',
    act: ({ client, world }) =>
      invoke(client, world.names.functionName('check'), {
        certificates: ['forced'],
        force: true,
        override: true,
        reason: 'made up',
      }),
    through: async (world) =>
      world.record('forced').history.some(({ why }) => why?.includes('made up')),
  },
  {
    id: 'messages',
    what: 'work taken out of a queue',
    severity: 'medium',
    act: async ({ client, world }) => {
      const QueueUrl = `${world.cloud.endpoint}/000000000000/certkeep-issue.fifo`;
      await new SQSClient(client).send(new ReceiveMessageCommand({ QueueUrl }));
    },
    through: async () => true,
  },
];

async function invoke(client: Hands['client'], FunctionName: string, payload: object) {
  const Payload = Buffer.from(JSON.stringify(payload));
  await new LambdaClient(client).send(
    new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }),
  );
}

/** Says whether the last look saw it served and took it for ours. */
async function isServedAndBelieved(world: World, id: string): Promise<boolean> {
  const { made, since } = lookAlike(world, id);
  if (!(await isServed(world, id, await made))) return false;
  const probes = Object.values(world.record(id).deployments).map(({ probe }) => probe);
  return probes.every((probe) => probe?.outcome === 'proven' && new Date(probe.at) > since);
}

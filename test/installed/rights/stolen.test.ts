import { ACMClient, DeleteCertificateCommand } from '@aws-sdk/client-acm';
import {
  AddListenerCertificatesCommand,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeResourceRecordSetsCommand,
  ListHostedZonesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { operatorClient } from 'local-cloud/operator.ts';
import { roleKeys } from 'local-cloud/runtime/credentials.ts';
import { stageOf } from 'local-cloud/services/lambda/state.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { addForeignRules, httpListener } from '#test/support/world-rules.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const region = 'us-east-1';

let world: World;
let zoneId: string | undefined;
beforeAll(async () => {
  world = await startWorld(
    configText(`
  shop:
    names: [example.com]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('shop')}"}
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}
`),
    { mayDeny: true },
  );
  await world.check();
  const operator = new SecretsManagerClient(operatorClient(world.cloud, region));
  const dns = new Route53Client(operatorClient(world.cloud, region));
  zoneId = (await dns.send(new ListHostedZonesCommand({}))).HostedZones?.[0]?.Id;
  for (const Name of ['certkeep2/shop', 'somebody/else', 'certkeep-accounts/more']) {
    await operator.send(new CreateSecretCommand({ Name, SecretString: 'not yours' }));
  }
});
afterAll(() => world?.close());

/** Returns a client with the stolen session of a running function's role. */
function stolen(stage: string) {
  const deployed = [...world.cloud.lambda.functions.values()].find((one) => stageOf(one) === stage);
  if (!deployed) throw new Error(`there is no function ${stage}`);
  const credentials = roleKeys(world.cloud.accounts)(deployed);
  return { endpoint: world.cloud.endpoint, region, credentials, maxAttempts: 1 };
}

const denied = (call: Promise<unknown>) =>
  expect(call).rejects.toThrow(/is not authorized to perform|explicit deny/);

function listener(): string {
  const [target] = world.landscape.config.certificates[0]?.targets ?? [];
  if (target?.type !== 'alb') throw new Error('the first target is no ALB');
  return target.listener;
}

function ownArn(): string {
  const arn = Object.values(world.record('shop').imports)[0]?.arn;
  if (!arn) throw new Error('nothing was imported');
  return arn;
}

function challengeChange(Name: string, Type: 'TXT' | 'A') {
  const ResourceRecords = [{ Value: Type === 'A' ? '192.0.2.1' : '"x"' }];
  const ResourceRecordSet = { Name, Type, TTL: 60, ResourceRecords };
  return new ChangeResourceRecordSetsCommand({
    HostedZoneId: zoneId,
    ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
  });
}

test('a holder of the issue role changes no listener and deletes no certificate', async () => {
  const elb = new ElasticLoadBalancingV2Client(stolen('issue'));
  const Certificates = [{ CertificateArn: ownArn() }];
  await denied(elb.send(new ModifyListenerCommand({ ListenerArn: listener(), Certificates })));
  await denied(
    elb.send(new AddListenerCertificatesCommand({ ListenerArn: listener(), Certificates })),
  );
  const acm = new ACMClient(stolen('issue'));
  await denied(acm.send(new DeleteCertificateCommand({ CertificateArn: ownArn() })));
});

test('a holder of the issue role writes TXT at _acme-challenge and nothing else into DNS', async () => {
  const dns = new Route53Client(stolen('issue'));
  await denied(dns.send(challengeChange('www.example.com', 'A')));
  await denied(dns.send(challengeChange('_acme-challenge.example.com', 'A')));
  await denied(dns.send(challengeChange('example.com', 'TXT')));
  await dns.send(challengeChange('_acme-challenge.stolen.example.com', 'TXT'));
});

test('a holder of the deploy role writes no DNS', async () => {
  const dns = new Route53Client(stolen('deploy'));
  await denied(dns.send(challengeChange('_acme-challenge.example.com', 'TXT')));
});

test('a holder of the deploy role reads keys of certificates, and no key of an ACME account', async () => {
  const secrets = new SecretsManagerClient(stolen('deploy'));
  await secrets.send(new GetSecretValueCommand({ SecretId: 'certkeep/shop' }));
  await denied(secrets.send(new GetSecretValueCommand({ SecretId: 'certkeep-accounts/more' })));
});

test.each(['issue', 'deploy'])(
  'a holder of the %s role reads no secret of another installation or of anybody else',
  async (stage) => {
    const secrets = new SecretsManagerClient(stolen(stage));
    for (const SecretId of ['certkeep2/shop', 'somebody/else']) {
      await denied(secrets.send(new GetSecretValueCommand({ SecretId })));
    }
  },
);

test.each(['check', 'verify', 'sync', 'alert'])(
  'a holder of the %s role reads no key at all',
  async (stage) => {
    const secrets = new SecretsManagerClient(stolen(stage));
    await denied(secrets.send(new GetSecretValueCommand({ SecretId: 'certkeep/shop' })));
  },
);

test('a holder of the verify role looks at listeners of another account, and changes none anywhere', async () => {
  const sts = new STSClient(stolen('verify'));
  const role = (name: string) => `arn:aws:iam::${elsewhere.account}:role/${name}`;
  const assume = (name: string) =>
    sts.send(new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: 'thief' }));
  await denied(assume('certkeep-us-east-1-place'));
  const { Credentials } = await assume('certkeep-us-east-1-place-reader');
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const there = { ...stolen('verify'), region: elsewhere.region, credentials };
  const Certificates = [{ CertificateArn: ownArn() }];
  const far = world.landscape.config.certificates[0]?.targets[1];
  const ListenerArn = far?.type === 'alb' ? far.listener : '';
  const elb = new ElasticLoadBalancingV2Client(there);
  await denied(elb.send(new ModifyListenerCommand({ ListenerArn, Certificates })));
});

test('a holder of the sync or alert role puts no event on the bus', async () => {
  const Entries = [
    { EventBusName: 'certkeep', Source: 'certkeep', DetailType: 'issued', Detail: '{}' },
  ];
  for (const stage of ['sync', 'alert']) {
    const events = new EventBridgeClient(stolen(stage));
    await denied(events.send(new PutEventsCommand({ Entries })));
  }
});

test('a holder of the alert role tells people, and reads neither a certificate nor a record', async () => {
  const [topic] = world.inbox();
  const sns = new SNSClient(stolen('alert'));
  await sns.send(new PublishCommand({ TopicArn: topic?.topicArn, Message: 'a stolen role' }));
  const version = world.record('shop').desired;
  const s3 = new S3Client({ ...stolen('alert'), forcePathStyle: true });
  const certificate = `certificates/shop/versions/${version}/certificate.pem`;
  for (const Key of [certificate, ...writers.map((writer) => partKey(writer, 'shop'))]) {
    await denied(s3.send(new GetObjectCommand({ Bucket: world.names.bucket, Key })));
  }
});

test('a holder of the issue role makes rules at no listener but by the role for it, and changes none of others', async () => {
  const http = await startWorld(
    configText('  shop: {names: [example.com], issuer: local}\n').replace(
      '- type: route53',
      `- {type: alb-http01, listener: "${listenerArn('web', 'a')}"}`,
    ),
    { mayDeny: true },
  );
  try {
    await addForeignRules(http, [7]);
    const [deployed] = [...http.cloud.lambda.functions.values()].filter(
      (one) => stageOf(one) === 'issue',
    );
    if (!deployed) throw new Error('there is no function issue');
    const there = { endpoint: http.cloud.endpoint, region, maxAttempts: 1 };
    const issue = { ...there, credentials: roleKeys(http.cloud.accounts)(deployed) };
    const rule = (ListenerArn: string, Tags: { Key: string; Value: string }[]) =>
      new CreateRuleCommand({
        ListenerArn,
        Priority: 1,
        Conditions: [{ Field: 'path-pattern', Values: ['*'] }],
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
        Tags,
      });
    const managed = [{ Key: 'certkeep:managed', Value: 'certkeep' }];
    const ours = httpListener(http);
    await denied(new ElasticLoadBalancingV2Client(issue).send(rule(ours, managed)));

    const { Credentials } = await new STSClient(issue).send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::000000000000:role/certkeep-us-east-1-http01',
        RoleSessionName: 'thief',
      }),
    );
    const elb = new ElasticLoadBalancingV2Client({
      ...there,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    await denied(elb.send(rule(`${ours.slice(0, -1)}0`, managed)));
    await denied(elb.send(rule(ours, [])));
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: ours }));
    expect(Rules).toHaveLength(2);
    for (const { RuleArn } of Rules) await denied(elb.send(new DeleteRuleCommand({ RuleArn })));
    await elb.send(rule(ours, managed));
  } finally {
    await http.close();
  }
});

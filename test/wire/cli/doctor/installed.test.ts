import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alarms } from '#cli/prepare/doctor/checks/alarms.ts';
import { audience } from '#cli/prepare/doctor/checks/audience.ts';
import { examine } from '#cli/prepare/doctor/examine.ts';
import { alarmsAtHome } from '#shared/alarms.ts';
import { type DoctorLab, doctorLab, lines } from '#test/support/doctor-lab.ts';
import { configText } from '#test/support/fleet.ts';

const [ops, boss] = ['ops@certkeep.dev', 'boss@certkeep.dev'];
const place = { account: homeAccount, region: 'us-east-1' };

let lab: DoctorLab;
let told: string;

beforeAll(async () => {
  lab = await doctorLab(
    configText('  shop: {names: [shop.example.com], issuer: local}\n').replace(
      'replicas: [eu-west-1]\n',
      '',
    ),
  );
  told = `${lab.configText}\nalerts: {email: [${ops}, ${boss}]}\n`;
});
afterAll(() => lab?.close());

const sns = () => new SNSClient(lab.operatorIn('us-east-1'));

test('a file that names nobody is warned of', async () => {
  expect((await lab.findings(audience))[0]).toEqual({
    mark: 'warning',
    text: 'the file names no address, so nobody is told anything',
    say: expect.stringContaining('alerts: {email: [ops@example.com]}'),
    command: 'npx cdk deploy --all',
  });
});

test('before the first deployment there are no topics and no alarms, and nothing is wrong', async () => {
  expect(lines(await lab.findings(audience, told))).toEqual([
    `ok: ${ops}, ${boss} by e-mail`,
    'ok: certkeep-alerts in us-east-1 comes with the first deployment',
    'ok: certkeep-watch in us-east-1 comes with the first deployment',
  ]);
  expect(lines(await lab.findings(alarms, told))).toEqual([
    'ok: those of us-east-1 come with the first deployment',
  ]);
});

test('who has not confirmed is named, and the command sends the mail again', async () => {
  for (const Name of ['certkeep-alerts', 'certkeep-watch']) {
    const { TopicArn } = await sns().send(new CreateTopicCommand({ Name }));
    for (const Endpoint of [ops, boss]) {
      await sns().send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
    }
  }
  const again = `aws sns subscribe --region us-east-1 --topic-arn arn:aws:sns:us-east-1:${homeAccount}:certkeep-alerts --protocol email --notification-endpoint`;
  const nobody = await lab.findings(audience, told);
  expect(nobody).toContainEqual({
    mark: 'wrong',
    text: `${ops} has not confirmed certkeep-alerts in us-east-1`,
    say: expect.stringContaining('the link in the mail of AWS'),
    command: `${again} ${ops}`,
  });
  expect(lines(nobody)).toContain(
    'wrong: nobody hears of certkeep-watch in us-east-1: 2 have not confirmed yet',
  );
  lab.cloud.sns.confirm(ops);
  const half = await lab.findings(audience, told);
  expect(half).toContainEqual(
    expect.objectContaining({ mark: 'warning', command: `${again} ${boss}` }),
  );
  lab.cloud.sns.confirm(boss);
  expect(lines(await lab.findings(audience, told))).toContain(
    'ok: certkeep-alerts in us-east-1: 2 subscribed and confirmed, 0 not confirmed',
  );
});

function putAlarm(name: string, ActionsEnabled = true) {
  return lab.cloud.cloudwatch.alarms.put(place, {
    AlarmName: `certkeep-${name}`,
    Namespace: 'visit',
    MetricName: 'load',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
    ActionsEnabled,
    AlarmActions: [`arn:aws:sns:us-east-1:${homeAccount}:certkeep-watch`],
  });
}

test('alarms that are on and quiet are ok; deleted, switched off and ringing ones are wrong', async () => {
  for (const name of alarmsAtHome) putAlarm(name);
  expect(lines(await lab.findings(alarms, told))).toEqual(['ok: 7 in us-east-1 are on, and quiet']);
  const [deleted, off, rings] = ['CheckSilent', 'DeadLetters', 'QueueOld-issue'];
  lab.cloud.cloudwatch.alarms.delete(putAlarm(deleted).arn);
  putAlarm(off, false);
  lab.cloud.cloudwatch.alarms.setState(putAlarm(rings), {
    state: 'ALARM',
    reason: 'a test',
    data: null,
  });
  expect(await lab.findings(alarms, told)).toEqual([
    {
      mark: 'wrong',
      text: 'certkeep-CheckSilent in us-east-1: somebody has deleted it',
      command: 'npx cdk deploy --all',
    },
    {
      mark: 'wrong',
      text: 'certkeep-DeadLetters in us-east-1 would tell nobody: somebody has switched it off',
      command:
        'aws cloudwatch enable-alarm-actions --region us-east-1 --alarm-names certkeep-DeadLetters',
    },
    {
      mark: 'wrong',
      text: 'certkeep-QueueOld-issue in us-east-1 rings',
      say: 'docs/runbook.md#queueold says what it means. Since when:',
      command:
        'aws cloudwatch describe-alarms --region us-east-1 --alarm-names certkeep-QueueOld-issue',
    },
  ]);
});

test('a topic of the user is looked at: that it is there, and that the file names its key', async () => {
  const arn = `arn:aws:sns:us-east-1:${homeAccount}:ops`;
  const key = `arn:aws:kms:us-east-1:${homeAccount}:key/0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9`;
  const says = async (more = '') => {
    const text = `${lab.configText}\nalerts: {email: [${ops}], snsTopic: "${arn}"${more}}\n`;
    return lines(await lab.findings(audience, text)).filter((line) => line.includes(':ops'));
  };
  const isThere = `ok: ${arn} is there and gets every message too`;
  expect(await says()).toEqual([`wrong: ${arn} is not there`]);
  await sns().send(new CreateTopicCommand({ Name: 'ops' }));
  expect(await says()).toEqual([isThere]);
  expect(await says(`, snsTopicKey: "${key}"`)).toEqual([
    `warning: ${arn} is not encrypted with ${key}: remove "snsTopicKey:" from certkeep.yaml`,
  ]);
  const input = { TopicArn: arn, AttributeName: 'KmsMasterKeyId', AttributeValue: key };
  await sns().send(new SetTopicAttributesCommand(input));
  expect(await says()).toEqual([
    `wrong: ${arn} is encrypted with ${key}, which the role of alert may not use`,
  ]);
  expect(await says(`, snsTopicKey: "${key}"`)).toEqual([isThere]);
  const other = key.replace('0f1e', '1f1e');
  expect(await says(`, snsTopicKey: "${other}"`)).toEqual([
    `wrong: ${arn} is encrypted with ${key}, and the file names ${other}`,
  ]);
});

test('a topic of another account whose policy does not name home is wrong', async () => {
  const arn = 'arn:aws:sns:us-east-1:222222222222:ops';
  const them = new SNSClient(operatorClient(lab.cloud, 'us-east-1', '222222222222'));
  await them.send(new CreateTopicCommand({ Name: 'ops' }));
  lab.cloud.policies.put(arn, { Version: '2012-10-17', Statement: [] });
  const subject = await lab.subjectOf(`${lab.configText}\nalerts: {snsTopic: "${arn}"}\n`);
  const optionsIn: typeof subject.optionsIn = (place) => ({
    ...subject.optionsIn(place),
    ...operatorClient(lab.cloud, place.region, place.account),
  });
  const found = await examine([audience], { ...subject, optionsIn });
  expect(lines(found.flatMap(({ findings }) => findings))).toEqual(
    expect.arrayContaining([
      `warning: the file names ${arn} and no address, so nobody hears the alarms`,
      expect.stringContaining(`the policy of ${arn} does not name the account ${homeAccount}`),
    ]),
  );
  const isThere = `ok: ${arn} is there and gets every message too`;
  const saysOf = async (Condition: object) => {
    const everybody = {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'sns:Publish',
      Condition,
    };
    const Statement = [{ ...everybody, Resource: arn }];
    lab.cloud.policies.put(arn, { Version: '2012-10-17', Statement });
    const again = await examine([audience], { ...subject, optionsIn });
    return lines(again.flatMap(({ findings }) => findings));
  };
  // A policy for an organization names no account; that which SNS gives a topic is for its owner alone.
  expect(await saysOf({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })).toContain(
    isThere,
  );
  expect(await saysOf({ StringEquals: { 'AWS:SourceOwner': '222222222222' } })).not.toContain(
    isThere,
  );
});

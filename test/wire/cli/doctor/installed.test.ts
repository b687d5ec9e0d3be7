import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alarms } from '#cli/prepare/doctor/checks/alarms.ts';
import { audience } from '#cli/prepare/doctor/checks/audience.ts';
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

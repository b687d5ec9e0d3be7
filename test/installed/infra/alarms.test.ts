import { expect, test } from 'vitest';
import { alarmsAtHome } from '#shared/alarms.ts';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { listenerArn } from '#test/support/mistakes.ts';
import { synthesized } from '#test/support/synth.ts';

const template = () => synthesized(configYaml());
const alarms = () =>
  template()
    .all('AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties);

function alarm(name: string) {
  return alarms().find(({ AlarmName }) => AlarmName === `certkeep-${name}`);
}

test('there are few alarms, each with a severity and its heading of the runbook, and each tells its end', () => {
  const all = alarms();
  expect(all.length).toBeLessThanOrEqual(10);
  for (const { AlarmActions, AlarmDescription, OKActions } of all) {
    expect(AlarmActions).toHaveLength(1);
    expect(OKActions).toEqual(AlarmActions);
    expect(AlarmDescription).toMatch(
      /^(high|medium): certkeep(?:-[a-z]+)?: .+ See docs\/runbook\.md#[a-z]+$/,
    );
  }
});

test('alarms and what AWS itself reports link the runbook at the address in the file', () => {
  const stacks = synthesized(
    configYaml({
      alerts: 'alerts: {email: [ops@certkeep.dev], runbook: "https://wiki.corp.net/certkeep"}',
      replicas: 'replicas: [eu-west-1]',
      certificates: certificatesYaml({
        shop: { targets: `[{type: alb, listener: "${listenerArn}"}]` },
      }),
    }),
  );
  const links = ['Certkeep', 'Replica-eu-west-1'].flatMap((name) => [
    ...JSON.stringify(stacks.template(name)).matchAll(/[Ss]ee (\S+)#([a-z]+)/g),
  ]);
  const kinds = links.map(([, , kind]) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['homesilent', 'checksilent', 'acmreportsexpiry']));
  expect([...new Set(links.map(([, address]) => address))]).toEqual([
    'https://wiki.corp.net/certkeep',
  ]);
});

test('nobody is asked to confirm before the alarms are there, since a new one tells that it is well', () => {
  const { Resources } = template().template('Certkeep');
  const all = Object.entries(Resources);
  const alarmIds = all
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
    .map(([id]) => id);
  const subscriptions = all
    .map(([, resource]) => resource)
    .filter(
      ({ Properties, Type }) =>
        Type === 'AWS::SNS::Subscription' && /Watch/.test(Properties.TopicArn.Ref),
    );
  expect(subscriptions).toHaveLength(1);
  expect(subscriptions[0]?.DependsOn?.toSorted()).toEqual(alarmIds.toSorted());
});

test('check looks at every alarm that there is', () => {
  const there = alarms().map(({ AlarmName }) => AlarmName);
  expect(there.toSorted()).toEqual(alarmsAtHome.map((name) => `certkeep-${name}`).toSorted());
});

test('the first replica watches home, with an alarm, a topic and addresses of its own', () => {
  const stacks = synthesized(configYaml({ replicas: 'replicas: [eu-west-1, eu-central-1]' }));
  const of = (type: string, region = 'eu-west-1') =>
    Object.values(stacks.template(`Replica-${region}`).Resources)
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => Properties);
  const [silent, ...others] = of('AWS::CloudWatch::Alarm');
  expect(others).toEqual([]);
  expect(silent).toMatchObject({
    AlarmName: 'certkeep-HomeSilent',
    Namespace: 'certkeep',
    MetricName: 'Checks',
    Dimensions: [{ Name: 'Installation', Value: 'certkeep' }],
    TreatMissingData: 'missing',
  });
  expect(silent.Period * silent.EvaluationPeriods).toBe(3 * 3_600);
  const [topic] = of('AWS::SNS::Topic');
  expect(topic).not.toHaveProperty('KmsMasterKeyId');
  expect(of('AWS::SNS::Subscription').map(({ Endpoint }) => Endpoint)).toEqual([
    'ops@certkeep.dev',
  ]);
  expect(of('AWS::CloudWatch::Alarm', 'eu-central-1')).toEqual([]);
});

test('alarms speak over a topic of their own, without the key of the installation', () => {
  const topics = template()
    .all('AWS::SNS::Topic')
    .map(({ Properties }) => Properties);
  const watch = topics.find(({ TopicName }) => TopicName === 'certkeep-watch');
  expect(watch).not.toHaveProperty('KmsMasterKeyId');
  const actions = new Set(alarms().map(({ AlarmActions }) => JSON.stringify(AlarmActions)));
  expect(actions.size).toBe(1);
  expect([...actions][0]).toContain('Watch');
});

test('every work queue and every queue of dead letters is watched, with the ten metrics that cost nothing', () => {
  const textOf = (name: string) => JSON.stringify(alarm(name));
  const metrics = alarms().flatMap(({ MetricName, Metrics = [] }) => [
    ...(MetricName ? [MetricName] : []),
    ...Metrics.filter(({ MetricStat }: { readonly MetricStat?: unknown }) => MetricStat),
  ]);
  expect(metrics).toHaveLength(10);
  for (const name of ['issue', 'deploy', 'verify']) {
    expect(textOf(`QueueOld-${name}`)).toContain('ApproximateAgeOfOldestMessage');
  }
  for (const name of ['IssueDead', 'DeployDead', 'VerifyDead', 'DeadEvents']) {
    expect(textOf('DeadLetters')).toContain(name);
  }
});

test('work that waits for its turn and that nobody takes rings with that of deploy', () => {
  const metricsOf = (stacks: ReturnType<typeof synthesized>) =>
    stacks
      .all('AWS::CloudWatch::Alarm')
      .map(({ Properties }) => Properties)
      .filter(({ AlarmName }) => AlarmName === 'certkeep-QueueOld-deploy')
      .map(({ Metrics }) => JSON.stringify(Metrics));
  const [without] = metricsOf(template());
  expect(without).not.toContain('LaterQueue');
  const targets = '[{type: api-gateway, domain: shop.example.com}]';
  const certificates = certificatesYaml({ shop: { key: 'rsa-2048', targets } });
  const [alarmOfDeploy] = metricsOf(synthesized(configYaml({ certificates })));
  expect(alarmOfDeploy).toContain('LaterQueue');
  expect(alarmOfDeploy).toContain('FILL(age, 0) + FILL(later, 0)');
});

test('a check that no longer runs rings, and one that has not run yet does not: a new alarm begins without data', () => {
  const silent = alarm('CheckSilent');
  expect(silent).toMatchObject({
    MetricName: 'Invocations',
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'missing',
    Threshold: 1,
  });
  expect(silent.Period * silent.EvaluationPeriods).toBe(3_600);
  expect(silent.InsufficientDataActions).toEqual(silent.AlarmActions);
  const others = alarms().filter(({ AlarmName }) => AlarmName !== silent.AlarmName);
  expect(others.filter((each) => each.InsufficientDataActions)).toEqual([]);
});

test('failures are counted over an hour, and an hour without a run has none', () => {
  const { EvaluationPeriods, Metrics, Threshold } = alarm('CheckFails');
  expect([EvaluationPeriods, Threshold]).toEqual([1, 3]);
  const [sum, ...errors] = Metrics;
  expect(sum.Expression).toBe('FILL(errors, 0)');
  for (const { MetricStat, ReturnData } of errors) {
    expect(MetricStat).toMatchObject({ Period: 3_600, Stat: 'Sum' });
    expect(ReturnData).toBe(false);
  }
});

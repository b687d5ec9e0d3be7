import { deleteFunction } from 'local-cloud/services/lambda/functions.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { causes } from './causes.ts';
import { type AlarmStage, address, alarmStage, call } from './stage.ts';

let stage: AlarmStage;
beforeEach(async () => {
  stage = await alarmStage();
});
afterEach(() => stage.close());

test('every alarm of the template has a cause here', () => {
  const names = stage.cloud.cloudwatch.alarms.all(call).map(({ name }) => name);
  expect(names).toEqual([...new Set(causes.map(([, alarm]) => `certkeep-${alarm}`))].toSorted());
});

test.each(causes)('%s rings %s once, and its end is told once', async (_, alarm, cause) => {
  const { begin, end, isOverWithin, ringsWithin, state } = cause;
  const name = `certkeep-${alarm}`;
  await stage.passUntil(() => stage.alarm(name).state === 'OK', 30);
  await begin(stage);
  await stage.passUntil(() => stage.alarm(name).state === state, ringsWithin);
  await stage.pass(5);
  expect(stage.told(name)).toEqual([`OK -> ${state}`]);
  await end(stage);
  await stage.passUntil(() => stage.alarm(name).state === 'OK', isOverWithin);
  await stage.pass(240);
  expect(stage.told(name)).toEqual([`OK -> ${state}`, `${state} -> OK`]);
});

test('nothing rings while everything works, from the installation on', async () => {
  await stage.pass(150);
  const heard = stage.cloud.sns.published().filter(({ recipients }) => recipients.length > 0);
  expect(heard).toEqual([]);
  const states = stage.cloud.cloudwatch.alarms.all(call).map(({ state }) => state);
  expect(new Set(states)).toEqual(new Set(['OK']));
});

test('a check that was deleted is silent, and its starts are dead events', async () => {
  const [silent, dead] = ['certkeep-CheckSilent', 'certkeep-DeadLetters'] as const;
  await stage.passUntil(() => stage.alarm(silent).state === 'OK', 30);
  const check = [...stage.cloud.lambda.functions.values()].find(
    ({ name }) => name === 'certkeep-check',
  );
  deleteFunction(stage.cloud.lambda, check?.arn ?? '');
  await stage.passUntil(() => stage.alarm(silent).state === 'INSUFFICIENT_DATA', 90);
  await stage.pass(5);
  expect(stage.told(silent)).toEqual(['OK -> INSUFFICIENT_DATA']);
  expect(stage.told(dead)).toEqual(['OK -> ALARM']);
});

test('the mail says what it is about, and which entry of the runbook helps', async () => {
  const name = 'certkeep-CheckFails';
  await stage.passUntil(() => stage.alarm(name).state === 'OK', 30);
  stage.failing.add('check');
  await stage.passUntil(() => stage.alarm(name).state === 'ALARM', 60);
  const mail = stage.cloud.sns
    .published()
    .find(({ subject }) => subject?.startsWith(`ALARM: "${name}"`));
  expect(mail?.subject).toBe(`ALARM: "${name}" in US East (N. Virginia)`);
  expect(mail?.recipients).toEqual([address]);
  expect(JSON.parse(mail?.message ?? '')).toMatchObject({
    AlarmDescription:
      'medium: certkeep: check failed three times or more within an hour. See docs/runbook.md#checkfails',
    NewStateReason: expect.stringContaining(
      'was greater than or equal to the threshold (3.0) (minimum 1 datapoint for OK -> ALARM transition).',
    ),
    Trigger: {
      Metrics: expect.arrayContaining([
        expect.objectContaining({
          Id: 'errors',
          MetricStat: expect.objectContaining({ Period: 3_600, Stat: 'Sum' }),
        }),
      ]),
      Threshold: 3,
      TreatMissingData: 'notBreaching',
    },
  });
});

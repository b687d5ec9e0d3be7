import { EventBridge } from '@aws-sdk/client-eventbridge';
import { operatorClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import { outcomeTable } from '#scripts/smoke/report.ts';
import { without } from '#test/installed/rights/statements.ts';
import { type SmokeStage, smokeStage } from '#test/support/smoke-stage.ts';

let stage: SmokeStage;
afterEach(() => stage?.world.close());

const findings = (result: Awaited<ReturnType<SmokeStage['run']>>) =>
  Object.fromEntries('steps' in result ? result.steps.map((step) => [step.name, step]) : []);

test('an installation that works passes every step, and everything made is gone', async () => {
  stage = await smokeStage();
  await stage.ready();
  const before = await stage.account.listener(stage.options.listener);
  const result = await stage.run();
  expect(result, lines(result).join('\n')).toMatchObject({ outcome: 'ok', left: null });
  const seen = findings(result);
  expect(Object.values(seen).map(({ result }) => result)).toEqual(Array(10).fill('ok'));
  expect(seen.concurrency?.saw).toMatch(/^10 concurrent/);
  expect(seen.installation?.saw).toBe('6 functions; check ran; 1 of 1 certificates issued');
  expect(seen.secrets?.saw).toBe('2 secrets in sync');
  expect(seen.listener?.saw).toMatch(/was not in the list and is not after/);
  expect(await stage.account.listener(stage.options.listener)).toEqual(before);
  expect(stage.left()).toEqual([]);
  expect(stage.said[0]).toMatch(/^1\/10 identity: /);
  expect(Math.max(...lines(result).map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('a default that is in the list stays there, as the console makes it', async () => {
  stage = await smokeStage();
  await stage.list(stage.previous);
  const { listener } = findings(await stage.run());
  expect(listener).toMatchObject({ result: 'ok' });
  expect(listener?.saw).toMatch(/was in the list and is after/);
  const after = await stage.account.listener(stage.options.listener);
  expect(after).toMatchObject({ defaultArn: stage.previous, listed: [stage.previous] });
});

test('a new installation that has not issued, with a mail unconfirmed, says what to do', async () => {
  stage = await smokeStage();
  const result = await stage.run();
  expect(result).toMatchObject({ outcome: 'failed', left: null });
  const seen = findings(result);
  expect(seen.installation).toMatchObject({ result: 'warning' });
  expect(seen.messages).toMatchObject({
    result: 'failed',
    saw: 'not confirmed: ops@example.com (certkeep-alerts), ops@example.com (certkeep-watch)',
    todo: expect.stringContaining('Follow the link'),
  });
  expect(seen.secrets).toMatchObject({ result: 'failed' });
});

test('rights that renewals lack are seen, by the role of deploy', async () => {
  const gone = [{ role: 'certkeep-us-east-1-deploy', sid: 'RenewOwnCertificates' }];
  stage = await smokeStage(undefined, { edit: (all) => without(all, gone) });
  await stage.ready();
  const { rights } = findings(await stage.run());
  expect(rights).toMatchObject({
    result: 'failed',
    todo: expect.stringContaining('RightsNotProven'),
  });
  expect(rights?.saw).toContain('RenewOwnCertificates');
});

test('a rule of the bus that somebody has deleted is seen', async () => {
  stage = await smokeStage();
  const events = new EventBridge(operatorClient(stage.world.cloud, 'us-east-1'));
  const bus = { EventBusName: 'certkeep' };
  const { Rules: [rule] = [] } = await events.listRules(bus);
  const ofRule = { ...bus, Rule: rule?.Name };
  const { Targets = [] } = await events.listTargetsByRule(ofRule);
  await events.removeTargets({ ...ofRule, Ids: Targets.map(({ Id }) => Id ?? '') });
  expect(findings(await stage.run())['event bus']).toMatchObject({
    result: 'failed',
    saw: '1 of 2 rules enabled, each with its function',
  });
});

test('a step that AWS denies fails alone', async () => {
  stage = await smokeStage();
  await stage.ready();
  stage.world.cloud.faults.add({
    when: ({ caller, operation }) => caller === 'person' && operation === 'GetAccountSettings',
    fault: { do: 'refuse', code: 'AccessDeniedException', status: 403 },
    times: 9,
  });
  const result = await stage.run();
  const { concurrency, rights, listener } = findings(result);
  expect(concurrency).toMatchObject({ result: 'failed', todo: expect.stringContaining('by hand') });
  expect([rights?.result, listener?.result]).toEqual(['ok', 'ok']);
});

function lines(result: Awaited<ReturnType<SmokeStage['run']>>): readonly string[] {
  return 'steps' in result ? outcomeTable(result.steps).split('\n') : [];
}

import { beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { deployStage, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
});

async function deployment() {
  const found = (await stage.record()).deployments[stage.target.key];
  if (!found) throw new Error('there is no deployment');
  return found;
}

test('an endpoint that serves the version proves it, and that is told once', async () => {
  await stage.verify();
  expect(await deployment()).toMatchObject({ state: 'proven', probe: { serial: '01' } });
  stage.clock.advance(8 * hourMs);
  await stage.verify();
  expect(stage.told()).toEqual(['served']);
});

test('a proven target is asked again after six hours, not before', async () => {
  await stage.verify();
  stage.clock.advance(5 * hourMs);
  expect(await stage.verify()).toEqual({ outcome: 'nothing-to-do' });
  stage.clock.advance(2 * hourMs);
  expect(await stage.verify()).toMatchObject({ outcome: 'verified' });
});

test('nodes that disagree for a while are given that while', async () => {
  stage.spoil(stage.target.key, 'F0');
  const verified = stage.verify();
  void stage.clock.sleep(20_000).then(() => stage.heal(stage.target.key));
  await verified;
  expect(await stage.states()).toEqual(['proven']);
});

test('served counts only when every target has proved it', async () => {
  stage = deployStage({ kinds: ['default', 'default'] });
  await stage.issue('v1');
  await stage.deploy();
  const [, second] = stage.targets;
  stage.spoil(second?.key as string, null);
  await stage.verify();
  expect(await stage.states()).toEqual(['proven', 'unknown']);
  expect(stage.told()).toEqual(['unproven']);
  stage.heal(second?.key as string);
  stage.clock.advance(2 * hourMs);
  await stage.verify();
  expect(stage.told()).toEqual(['unproven', 'served']);
});

test('silence is debt that is told once, with nothing put back', async () => {
  stage.spoil(stage.target.key, null);
  await stage.verify();
  expect(await stage.states()).toEqual(['unknown']);
  expect(stage.work.filter(({ kind }) => kind === 'deploy')).toEqual([]);
  stage.clock.advance(dayMs);
  await stage.verify();
  const ids = new Set(stage.events.map(({ id }) => id));
  expect(ids.size).toBe(1);
  expect(await stage.deploy()).toEqual({ outcome: 'nothing-to-do' });
});

test('silence that ends becomes proof', async () => {
  stage.spoil(stage.target.key, null);
  await stage.verify();
  stage.heal(stage.target.key);
  stage.clock.advance(2 * hourMs);
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});

test('another certificate where nothing answered before the change is unknown, not contradicted', async () => {
  stage = deployStage();
  await stage.issue('v1');
  stage.spoil(stage.target.key, null);
  await stage.deploy();
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  expect(await stage.states()).toEqual(['unknown']);
});

test('another certificate where the same probe worked before asks for a deploy', async () => {
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  expect(await stage.states()).toEqual(['contradicted']);
  expect(stage.work.at(-1)).toMatchObject({ kind: 'deploy', certificate: 'shop' });
});

test('one bad answer is not believed against an earlier proof', async () => {
  await stage.verify();
  stage.clock.advance(8 * hourMs);
  stage.spoil(stage.target.key, null);
  const verified = stage.verify();
  void stage.clock.sleep(6_000).then(() => stage.heal(stage.target.key));
  await verified;
  expect(await stage.states()).toEqual(['proven']);
});

test('a listener that somebody rebound after the proof is bound again, not rolled back', async () => {
  await stage.verify();
  const arn = stage.target.held[0];
  stage.clock.advance(8 * hourMs);
  stage.target.rebindByHand('arn:aws:acm:us-east-1:000000000000:certificate/foreign');
  await stage.verify();
  expect(await stage.states()).toEqual(['contradicted']);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.told()).toEqual(['served', 'listener-changed']);
  expect(stage.target.held).toEqual([arn]);
  await stage.verify();
  expect(await stage.states()).toEqual(['proven']);
});

test('a verdict about what a deploy has changed meanwhile is dropped', async () => {
  stage.spoil(stage.target.key, 'F0');
  const verified = stage.verify();
  await stage.clock.sleep(30_000);
  await stage.issue('v2');
  await stage.deploy();
  await verified;
  expect(await deployment()).toMatchObject({ versionId: 'v2', state: 'awaiting-proof' });
});

test('verify never writes to AWS', async () => {
  const changes = [...stage.target.changes];
  const imports = [...stage.acm.imports];
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  expect(stage.target.changes).toEqual(changes);
  expect(stage.acm.imports).toEqual(imports);
});

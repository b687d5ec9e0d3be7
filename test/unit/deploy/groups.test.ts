import { expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import type { Work } from '#shared/queues/work.ts';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { foreignArn, place } from '#test/support/deploy-stage.ts';
import { countOf, deployAll, stageOf } from '#test/support/many-targets.ts';

test('the record is written a few times for each group, and not for each target', async () => {
  const stage = await stageOf(60);
  const before = stage.objects.conditionalWrites;
  await stage.deploy();
  expect(await countOf(stage, 'awaiting-proof')).toBe(60);
  expect(stage.objects.conditionalWrites - before).toBeLessThan(20);
});

test('a run ends by its clock, and goes on by a message of its own', async () => {
  const stage = await stageOf(100, { bindMs: 2 * secondMs });
  expect(await stage.deploy()).toEqual({ outcome: 'goes-on', failed: [] });
  const bound = await countOf(stage, 'awaiting-proof');
  expect(bound).toBeGreaterThanOrEqual(40);
  expect(bound).toBeLessThan(100);
  const { runs, longestMs } = await deployAll(stage);
  expect(runs).toBeLessThanOrEqual(3);
  expect(longestMs).toBeLessThan(80 * secondMs);
  await stage.verify();
  expect(stage.told()).toEqual(['served']);
});

test('the lease is given back before the message is sent', async () => {
  const stage = await stageOf(60, { bindMs: 2 * secondMs });
  const held: boolean[] = [];
  async function send({ kind }: Work): Promise<void> {
    const lease = (await stage.record()).leases[`deploy:${place}`];
    if (kind === 'deploy')
      held.push(lease !== undefined && new Date(lease.until) > stage.clock.now());
  }
  Object.assign(stage.ports, { queues: { send } });
  await stage.deploy();
  expect(held).toEqual([false]);
});

test('the next run neither looks at nor writes again what a run has bound', async () => {
  const stage = await stageOf(60, { bindMs: 2 * secondMs });
  await stage.deploy();
  const { deployments } = await stage.record();
  const settled = stage.targets.filter(({ key }) => deployments[key]?.nextProbeAt);
  expect(settled.length).toBeGreaterThanOrEqual(20);
  const looks = settled.map((target) => target.looks);
  await deployAll(stage);
  expect(settled.map((target) => target.looks)).toEqual(looks);
  const after = await stage.record();
  for (const { key } of settled) expect(after.deployments[key]).toEqual(deployments[key]);
});

test('a target that waits for its back-off is not touched because of its group', async () => {
  const stage = await stageOf(30);
  const joined = stage.targets.at(-1)?.key as string;
  stage.leave(joined);
  stage.target.refuseNextBind(new CertkeepError('ListenerRefused', 'ELB: no'));
  await stage.deploy();
  expect(await countOf(stage, 'failed')).toBe(1);
  stage.join(joined);
  const looks = stage.targets.map((target) => target.looks);
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.targets.filter((target, index) => target.looks > (looks[index] ?? 0))).toEqual([
    stage.targets.at(-1),
  ]);
  expect(await countOf(stage, 'failed')).toBe(1);
});

test('a rollback works in groups, and continues by a message as well', async () => {
  const stage = await stageOf(60);
  await stage.deploy();
  for (const { key } of stage.targets) stage.spoil(key, 'F0');
  stage.clock.advance(2 * minuteMs);
  await stage.verify();
  expect(await countOf(stage, 'contradicted')).toBe(60);
  for (const target of stage.targets) target.slowDown({ bindMs: 2 * secondMs }, stage.clock);
  const before = stage.objects.conditionalWrites;
  const { runs } = await deployAll(stage);
  expect(runs).toBe(2);
  expect(stage.objects.conditionalWrites - before).toBeLessThan(20);
  expect(await countOf(stage, 'rolled-back')).toBe(60);
  expect(stage.targets.every(({ held }) => held[0] === foreignArn)).toBe(true);
});

test('other waiting work continues at once after a rollback', async () => {
  const stage = await stageOf(2);
  const joined = stage.targets[1]?.key as string;
  stage.leave(joined);
  await stage.deploy();
  stage.spoil(stage.target.key, 'F0');
  await stage.verify();
  stage.join(joined);
  expect(await stage.deploy()).toMatchObject({ outcome: 'rolled-back', goesOn: true });
  expect(stage.work.at(-1)).toEqual({ kind: 'deploy', certificate: 'shop', place });
  await stage.deploy();
  expect(await stage.states()).toEqual(['rolled-back', 'awaiting-proof']);
});

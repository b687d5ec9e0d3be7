import { expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Work } from '#shared/work.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';

type Takes = { readonly lookMs?: number; readonly bindMs?: number };

/** So many listeners, each of which takes its time. */
async function stageOf(count: number, takes: Takes = {}): Promise<Stage> {
  const stage = deployStage({ kinds: Array.from({ length: count }, () => 'default') });
  for (const target of stage.targets) target.slowDown(takes, stage.clock);
  await stage.issue('v1');
  return stage;
}

function countOf(stage: Stage, state: string): Promise<number> {
  return stage.states().then((states) => states.filter((each) => each === state).length);
}

/** Runs as long as each begins the next one; how many there were, and how long the longest took. */
async function deployAll(stage: Stage): Promise<{ runs: number; longestMs: number }> {
  let longestMs = 0;
  for (let runs = 1; runs < 50; runs += 1) {
    const startedAt = stage.clock.now().getTime();
    const { outcome } = await stage.deploy();
    longestMs = Math.max(longestMs, stage.clock.now().getTime() - startedAt);
    if (outcome !== 'goes-on') return { runs, longestMs };
    expect(stage.work.at(-1)).toEqual({ kind: 'deploy', certificate: 'shop', place });
  }
  throw new Error('it goes on and on');
}

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

test('what a run has bound is neither looked at nor written again by the next', async () => {
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

test('what waits for its back-off is not touched for the sake of a group', async () => {
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

test('before a re-import the way back of every target is in the record, however many runs it takes', async () => {
  const stage = await stageOf(60);
  await stage.deploy();
  await stage.verify();
  const arn = stage.target.held[0];
  await stage.issue('v2');
  for (const target of stage.targets) target.slowDown({ lookMs: 40 * secondMs }, stage.clock);
  const before = stage.targets.map(({ looks }) => looks);
  expect(await stage.deploy()).toMatchObject({ outcome: 'goes-on' });
  expect(stage.acm.imports).toEqual([null]);
  await deployAll(stage);
  expect(stage.acm.imports).toEqual([null, arn]);
  expect(stage.targets.map(({ looks }, index) => looks - (before[index] ?? 0))).toEqual(
    Array.from({ length: 60 }, () => 1),
  );
  const { deployments } = await stage.record();
  for (const deployment of Object.values(deployments)) {
    expect(deployment).toMatchObject({ versionId: 'v2', previous: { arn, versionId: 'v1' } });
  }
  await stage.verify();
  expect(await countOf(stage, 'proven')).toBe(60);
});

test('adopted in place, a certificate is taken over once all that hold it have been seen', async () => {
  const kinds = Array.from({ length: 45 }, () => 'default' as const);
  const stage = deployStage({ kinds, adopt: 'in-place' });
  for (const target of stage.targets) target.slowDown({ lookMs: 40 * secondMs }, stage.clock);
  await stage.issue('v1');
  await deployAll(stage);
  expect(stage.acm.imports).toEqual([foreignArn]);
  expect(stage.targets.flatMap(({ changes }) => changes)).toEqual([]);
  expect(await countOf(stage, 'awaiting-proof')).toBe(45);
});

test('what is put back is put back in groups, and goes on by a message as well', async () => {
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

test('many endpoints are asked in slices, twenty at a time', async () => {
  const stage = await stageOf(100);
  await stage.deploy();
  let [asked, most] = [0, 0];
  const { probe } = stage.ports;
  Object.assign(stage.ports, {
    async probe(question: Parameters<typeof probe>[0]) {
      asked += 1;
      most = Math.max(most, asked);
      await stage.clock.sleep(25 * secondMs);
      asked -= 1;
      return probe(question);
    },
  });
  expect(await stage.verify()).toMatchObject({ outcome: 'goes-on' });
  expect(most).toBe(20);
  expect(await countOf(stage, 'proven')).toBe(60);
  expect(stage.work.at(-1)).toEqual({ kind: 'verify', certificate: 'shop' });
  expect(await stage.verify()).toMatchObject({ outcome: 'verified' });
  expect(stage.told()).toEqual(['served']);
});

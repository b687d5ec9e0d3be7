import { expect, test } from 'vitest';
import { secondMs } from '#shared/time/clock.ts';
import { foreignArn } from '#test/support/deploy-stage.ts';
import { countOf, deployAll, stageOf } from '#test/support/many-targets.ts';

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
  const stage = await stageOf(45, { lookMs: 40 * secondMs }, { adopt: 'in-place' });
  await deployAll(stage);
  expect(stage.acm.imports).toEqual([foreignArn]);
  expect(stage.targets.flatMap(({ changes }) => changes)).toEqual([]);
  expect(await countOf(stage, 'awaiting-proof')).toBe(45);
});

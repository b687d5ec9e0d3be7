import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { place } from '#test/support/deploy-stage.ts';
import { type RetireStage, retireStage } from '#test/support/retire-stage.ts';

let stage: RetireStage;
beforeEach(async () => {
  stage = await retireStage();
});

test('a certificate stays until the parameter that names it is withdrawn', async () => {
  const arn = await stage.deployed();
  stage.publisher.refuse(new CertkeepError('ParameterNotWithdrawn', 'SSM: not authorized'));
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [arn] });
  expect([stage.heldArns(), stage.published()]).toEqual([[arn], arn]);
  stage.publisher.refuse(null);
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  await stage.expectNothingLeft();
});

test('an import that nobody heard of is found and deleted, and its twin with it', async () => {
  stage.acm.doubleNextImport();
  stage.acm.loseNextAnswer();
  stage.ports.certificateManagerFor = () => ({
    ...stage.acm,
    find: async () => ({ held: null, lookAlikes: [] }),
  });
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect((await stage.record()).imports[place]).toMatchObject({ arn: null, importing: 'v1' });
  expect(stage.heldArns()).toHaveLength(2);
  stage.ports.certificateManagerFor = () => stage.acm;
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
});

test('a place that cannot be reached is told, and tried again with growing waits', async () => {
  const arn = await stage.deployed();
  const unreachable = async () => {
    throw new CertkeepError('PlaceNotReachable', 'STS: not authorized');
  };
  stage.ports.certificateManagerFor = () => ({ ...stage.acm, describe: unreachable });
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [arn] });
  expect(stage.events.at(-1)).toMatchObject({
    type: 'failed',
    severity: 'warning',
    summary: `shop could not be taken out of ${place}: PlaceNotReachable`,
    details: {
      stage: 'import',
      message: 'STS: not authorized',
      attempts: 1,
      nextStep: expect.stringContaining('Deploy the stack of that account'),
    },
  });
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  expect((await stage.record()).imports[place]?.leaving?.failure?.count).toBe(2);
  expect(stage.told()).toEqual(['served', 'failed', 'failed']);
  stage.ports.certificateManagerFor = () => stage.acm;
  stage.clock.advance(20 * minuteMs);
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
});

test('one that fails keeps no other from going, and is logged as an error', async () => {
  const [first] = await stage.deployedTwice();
  const deleteOthers = async (arn: string) => {
    if (arn === first) throw new Error('AccessDenied');
    return stage.acm.delete(arn);
  };
  stage.ports.certificateManagerFor = () => ({ ...stage.acm, delete: deleteOthers });
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [first] });
  expect(stage.errors).toMatchObject([{ outcome: 'Error', reason: 'AccessDenied' }]);
  expect(stage.heldArns()).toEqual([first]);
  expect((await stage.record()).imports[place]?.retired.map(({ arn }) => arn)).toEqual([first]);
});

test('if two runs start at once, one cleans up', async () => {
  await stage.deployed();
  stage.retire();
  const outcomes = await Promise.all([stage.deploy(), stage.deploy()]);
  expect(outcomes.filter(({ outcome }) => outcome === 'retired')).toHaveLength(1);
  await stage.expectNothingLeft();
});

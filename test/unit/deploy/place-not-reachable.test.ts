import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { deployStage, place, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage({ kinds: ['default', 'sni', 'sni'] });
  await stage.issue('v1');
});

const refused = new CertkeepError('PlaceNotReachable', 'STS: not authorized');

test('all targets of a place that cannot be reached wait together, and a person hears of it once', async () => {
  stage.targets[1]?.refuseNextLook(refused);
  expect(await stage.deploy()).toMatchObject({
    outcome: 'deployed',
    failed: stage.targets.map(({ key }) => key),
  });
  expect(await stage.states()).toEqual(['failed', 'failed', 'failed']);
  expect(stage.events).toMatchObject([
    {
      type: 'failed',
      severity: 'critical',
      details: { error: 'PlaceNotReachable', target: place },
    },
  ]);
  expect(stage.acm.imports).toEqual([]);
  expect(await stage.deploy()).toMatchObject({ outcome: 'waiting' });
});

test('once it can be reached, the same certificate goes there', async () => {
  stage.target.refuseNextLook(refused);
  await stage.deploy();
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  await stage.verify();
  expect(await stage.states()).toEqual(['proven', 'proven', 'proven']);
  expect(stage.acm.imports).toEqual([null]);
});

test('a certificate that is bound there already keeps its proof', async () => {
  await stage.deploy();
  await stage.verify();
  await stage.issue('v2');
  stage.target.refuseNextLook(refused);
  await stage.deploy();
  const { deployments } = await stage.record();
  expect(Object.values(deployments).map(({ previous }) => previous?.versionId)).toEqual([
    'v1',
    'v1',
    'v1',
  ]);
  stage.clock.advance(2 * minuteMs);
  await stage.deploy();
  await stage.verify();
  expect(await stage.states()).toEqual(['proven', 'proven', 'proven']);
});

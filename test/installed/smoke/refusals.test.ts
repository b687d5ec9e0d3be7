import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SmokeStage, smokeStage, trialConfig } from '#test/support/smoke-stage.ts';

let stage: SmokeStage;
beforeAll(async () => {
  stage = await smokeStage();
});
afterAll(() => stage?.world.close());

async function refusals(change: Parameters<SmokeStage['run']>[0] = {}, of = stage) {
  const result = await of.run(change);
  expect(of.changes()).toEqual([]);
  if (result.outcome !== 'refused') throw new Error(`not refused but ${result.outcome}`);
  return result.refusals;
}

test('credentials of another account are refused', async () => {
  expect(await refusals({ account: '111111111111' })).toMatchObject([
    { path: '--account', value: '111111111111', problem: expect.stringContaining('role/person') },
  ]);
});

test('an installation that is not there is refused', async () => {
  expect(await refusals({ installation: 'another' })).toMatchObject([
    { path: '--installation', value: 'another' },
  ]);
});

test('an installation with names outside of the zone is one of production, and so is its listener', async () => {
  expect(await refusals({ zone: 'trial.example.com' })).toMatchObject([
    { path: 'certificates.shop.names[0]', value: 'shop.example.com' },
  ]);
});

test('a listener that the installation deploys to is refused', async () => {
  const [certificate] = stage.world.landscape.config.certificates;
  const target = certificate?.targets[0];
  const listener = target?.type === 'alb' ? target.listener : '';
  expect(await refusals({ listener })).toMatchObject([
    { path: 'certificates.shop.targets[0].listener', value: listener },
  ]);
});

test('a listener that is not there is refused', async () => {
  const listener = `${stage.options.listener.slice(0, -4)}0000`;
  expect(await refusals({ listener })).toMatchObject([{ path: '--listener', value: listener }]);
});

test('a listener that serves a name outside of the zone, in its list as well, is refused', async () => {
  const other = await smokeStage();
  try {
    await other.list(await other.import('www.example.net'));
    expect(await refusals({}, other)).toMatchObject([
      { path: '--listener', problem: expect.stringContaining('www.example.net') },
    ]);
  } finally {
    await other.world.close();
  }
});

test('an issuer that clients trust is refused', async () => {
  const other = await smokeStage(trialConfig.replace('staging: true, ', ''));
  try {
    expect(await refusals({}, other)).toMatchObject([
      { path: 'issuers.local.directory', fix: expect.stringContaining('letsencrypt-staging') },
    ]);
  } finally {
    await other.world.close();
  }
});

test('a person can decline before anything is touched', async () => {
  expect(await stage.run({}, { confirm: async () => false })).toEqual({ outcome: 'declined' });
  expect(stage.changes()).toEqual([]);
});

import { beforeEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, type Stage } from '#test/support/deploy-stage.ts';

let stage: Stage;

beforeEach(async () => {
  stage = deployStage();
  const look = stage.target.look.bind(stage.target);
  Object.assign(stage.target, {
    look: async () => ({ ...(await look()), kind: 'single', endpoint: null }),
  });
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
});

async function deployment() {
  const found = (await stage.record()).deployments[stage.target.key];
  if (!found) throw new Error('there is no deployment');
  return found;
}

test('a target that nobody can ask proves what it holds, and again without a word in the record', async () => {
  expect(await deployment()).toMatchObject({ state: 'proven', probe: { host: '' } });
  const written = () => stage.objects.objects.get('records/verify/shop.json');
  const first = written();
  stage.clock.advance(8 * hourMs);
  expect(await stage.verify()).toMatchObject({ outcome: 'verified' });
  expect(written()).toBe(first);
});

test('a target that nobody can ask and that holds another one is contradicted, and put right', async () => {
  const held = stage.target.held[0];
  stage.target.rebindByHand(foreignArn);
  stage.clock.advance(8 * hourMs);
  await stage.verify();
  expect(await deployment()).toMatchObject({ state: 'contradicted' });
  await stage.deploy();
  expect(stage.target.held[0]).toBe(held);
});

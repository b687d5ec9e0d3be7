import { expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { deployStage } from '#test/support/deploy-stage.ts';

/** An endpoint of a version that was proven, with what people were told of it, each once. */
async function provenEndpoint() {
  const stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  const told = () => new Set(stage.events.map(({ id }) => id)).size;

  async function verifyAfter(ms: number, answer: 'heal' | 'silence'): Promise<void> {
    if (answer === 'heal') stage.heal(stage.target.key);
    else stage.spoil(stage.target.key, null);
    stage.clock.advance(ms);
    await stage.verify();
  }
  return { stage, told, verifyAfter };
}

test('an endpoint that is lost a second time after a proof is told a second time', async () => {
  const { stage, told, verifyAfter } = await provenEndpoint();
  await verifyAfter(8 * hourMs, 'silence');
  await verifyAfter(dayMs, 'heal');
  expect(await stage.states()).toEqual(['proven']);
  const before = told();
  await verifyAfter(21 * dayMs, 'silence');
  expect(await stage.states()).toEqual(['unknown']);
  expect(told()).toBe(before + 1);
});

test('an endpoint that stays lost is told once, however often it is asked', async () => {
  const { told, verifyAfter } = await provenEndpoint();
  const before = told();
  for (let day = 0; day < 5; day += 1) await verifyAfter(dayMs, 'silence');
  expect(told()).toBe(before + 1);
});

import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn } from '#test/support/deploy-stage.ts';
import { mortalDeploy } from '#test/support/mortal-stage.ts';

/** Longer than the lease of a dead run. */
const leaseMs = 3 * minuteMs;

async function changedStage() {
  const stage = deployStage();
  await stage.issue('v1');
  await stage.deploy();
  await stage.verify();
  stage.clock.advance(8 * hourMs);
  stage.target.rebindByHand(foreignArn);
  await stage.verify();
  expect(await stage.states()).toEqual(['contradicted']);
  return stage;
}

test('a run that dies while it puts a listener right leaves it to the next one, which tells of it as well', async () => {
  let effects = 0;
  for (let outcome: unknown = 'died'; outcome === 'died'; ) {
    effects += 1;
    const stage = await changedStage();
    const [ours] = [(await stage.record()).deployments[stage.target.key]?.arn];
    outcome = await mortalDeploy(stage, effects);
    stage.clock.advance(leaseMs);
    await stage.deploy();
    await stage.verify();
    const seen = `died after effect ${effects}`;
    expect(stage.target.held, seen).toEqual([ours]);
    expect(await stage.states(), seen).toEqual(['proven']);
    expect(stage.told(), seen).toContain('listener-changed');
    expect(stage.told(), seen).not.toContain('rolled-back');
  }
  expect(effects).toBeGreaterThan(4);
});

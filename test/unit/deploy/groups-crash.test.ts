import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn, place, type Stage } from '#test/support/deploy-stage.ts';
import { isFull } from '#test/support/full.ts';
import { mortalDeploy } from '#test/support/mortal-stage.ts';

/** Two groups and a half. */
const count = 45;
/** Longer than the lease of a dead run. */
const leaseMs = 3 * minuteMs;
const step = isFull ? 1 : 12;

async function freshStage(): Promise<Stage> {
  const kinds = Array.from({ length: count }, () => 'default' as const);
  // What was put back stays so for the time of a test.
  const stage = deployStage({ kinds, retryDelaysMs: [hourMs] });
  await stage.issue('v1');
  return stage;
}

/** Repeats a deploy that dies after its first, second, … effect, until one gets through. */
async function atEveryEffect(
  prepare: (stage: Stage) => Promise<void>,
  check: (stage: Stage) => Promise<void>,
): Promise<number> {
  for (let effect = 1; effect < 200; effect += step) {
    const stage = await freshStage();
    await prepare(stage);
    const outcome = await mortalDeploy(stage, effect);
    if (outcome !== 'died') return effect;
    stage.clock.advance(leaseMs);
    await stage.deploy();
    await check(stage).catch((cause) => {
      throw new Error(`died after effect ${effect}`, { cause });
    });
  }
  throw new Error('it never gets through');
}

async function statesOf(stage: Stage): Promise<ReadonlySet<string>> {
  return new Set(await stage.states());
}

function heldBy(stage: Stage): ReadonlySet<string | undefined> {
  return new Set(stage.targets.map(({ held }) => held[0]));
}

test('a deploy that dies between or within groups goes on where it was, with every way back', async () => {
  const effects = await atEveryEffect(
    async () => undefined,
    async (stage) => {
      await stage.verify();
      const record = await stage.record();
      expect(await statesOf(stage)).toEqual(new Set(['proven']));
      expect(stage.acm.held.size).toBe(2);
      expect(heldBy(stage)).toEqual(new Set([record.imports[place]?.arn]));
      const previous = Object.values(record.deployments).map((each) => each.previous?.arn);
      expect(new Set(previous)).toEqual(new Set([foreignArn]));
      // A change whose answer nobody heard is seen, and not made again.
      expect(stage.targets.filter(({ changes }) => changes.length > 1)).toEqual([]);
    },
  );
  expect(effects).toBeGreaterThan(count);
});

test('a renewal that dies between groups never imports before every way back is written', async () => {
  await atEveryEffect(
    async (stage) => {
      await stage.deploy();
      await stage.verify();
      await stage.issue('v2');
    },
    async (stage) => {
      const arn = stage.target.held[0];
      const { deployments } = await stage.record();
      for (const { previous, versionId } of Object.values(deployments)) {
        expect([versionId, previous]).toMatchObject(['v2', { arn, versionId: 'v1' }]);
      }
      expect(stage.acm.imports.length).toBeLessThanOrEqual(2);
      await stage.verify();
      expect(await statesOf(stage)).toEqual(new Set(['proven']));
    },
  );
});

test('a way back that dies between groups ends with what all served before', async () => {
  await atEveryEffect(
    async (stage) => {
      await stage.deploy();
      for (const { key } of stage.targets) stage.spoil(key, 'F0');
      stage.clock.advance(2 * minuteMs);
      await stage.verify();
    },
    async (stage) => {
      expect(await statesOf(stage)).toEqual(new Set(['rolled-back']));
      expect(heldBy(stage)).toEqual(new Set([foreignArn]));
      const told = stage.events.filter(({ type }) => type === 'rolled-back');
      expect(new Set(told.map(({ id }) => id)).size).toBe(count);
    },
  );
});

import { expect, test } from 'vitest';
import { namesInTurn } from '#shared/deploy/probe/ask.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { deployStage } from '#test/support/deploy-stage.ts';

const names = Array.from({ length: 10 }, (_, index) => `n${index}.example.com`);

/** v1 has ten names, and the endpoint answers to `lost` with another certificate. */
async function stageWith(lost: () => string | null) {
  const stage = deployStage({ foreign: { names } });
  const { probe } = stage.ports;
  const asked: string[] = [];
  Object.assign(stage.ports, {
    async probe(question: Parameters<typeof probe>[0]) {
      asked.push(question.servername);
      const answers = await probe(question);
      if (question.servername !== lost()) return answers;
      return answers.map((answer) => ({ ...answer, serial: '99', fingerprintSha256: '99' }));
    },
  });
  await stage.issue('v1', { names });
  await stage.deploy();
  return { stage, asked };
}

test('a change is proven when every name of the certificate has proved it, not the first three', async () => {
  const { stage } = await stageWith(() => 'n7.example.com');
  await stage.verify();
  stage.clock.advance(hourMs);
  await stage.verify();
  expect(await stage.states()).toEqual(['contradicted']);
  const [deployment] = Object.values((await stage.record()).deployments);
  expect(deployment?.probe?.detail).toContain('n7.example.com');
});

test('a deploy asks three names, and not more of an endpoint that still spreads', async () => {
  const { stage, asked } = await stageWith(() => null);
  expect(asked).toEqual(names.slice(0, 3));
  stage.spoil(stage.target.key, 'F0');
  const verified = stage.verify();
  await stage.clock.sleep(stage.ports.settings.pollMs / 2);
  expect(new Set(asked)).toEqual(new Set(names.slice(0, 3)));
  stage.heal(stage.target.key);
  await verified;
  expect(new Set(asked)).toEqual(new Set(names));
  expect(await stage.states()).toEqual(['proven']);
});

test('for a proven certificate a few names are asked in turn, until all have been', async () => {
  const { stage, asked } = await stageWith(() => null);
  await stage.verify();
  const seen = new Set<string>();
  for (let round = 0; round < 4; round += 1) {
    asked.splice(0);
    stage.clock.advance(7.2 * hourMs);
    await stage.verify();
    expect(asked.length).toBeLessThanOrEqual(4);
    for (const name of asked) seen.add(name);
  }
  expect(seen).toEqual(new Set(names));
});

test('a name that is lost after the proof is found when its turn comes, and is not asked away', async () => {
  let lost: string | null = null;
  const { stage } = await stageWith(() => lost);
  await stage.verify();
  lost = 'n8.example.com';
  for (let round = 0; round < 4; round += 1) {
    stage.clock.advance(7.2 * hourMs);
    await stage.verify();
  }
  expect(await stage.states()).not.toEqual(['proven']);
});

const changedAt = new Date('2026-11-22T03:00:00Z');
const reprobeMs = 6 * hourMs;

test.each([0.8, 1, 1.2])(
  'no name is passed over where rounds come %s times as far apart',
  (far) => {
    for (const count of [1, 2, 3, 4, 5, 7, 10, 99, 100]) {
      const all = Array.from({ length: count }, (_, index) => `n${index}`);
      const seen = new Set<string>();
      const rounds = Math.ceil(count / (3 * Math.min(far, 1))) + 1;
      for (let round = 1; round <= rounds; round += 1) {
        const now = addMs(changedAt, round * far * reprobeMs);
        const turn = namesInTurn(all, { changedAt, now, reprobeMs });
        expect(turn.length).toBeLessThanOrEqual(4);
        for (const name of turn) seen.add(name);
      }
      expect(seen.size).toBe(count);
    }
  },
);

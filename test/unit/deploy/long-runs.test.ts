import { expect, test } from 'vitest';
import type { Work } from '#shared/queues/work.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn } from '#test/support/deploy-stage.ts';
import { countOf, stageOf } from '#test/support/many-targets.ts';
import { paperFingerprint } from '#test/support/paper-fingerprint.ts';

test('an answer against a proof is not believed at one question, however late in a run it is asked', async () => {
  const stage = await stageOf(40);
  await stage.deploy();
  await stage.verify();
  expect(await countOf(stage, 'proven')).toBe(40);
  stage.clock.advance(8 * hourMs);
  const { probe } = stage.ports;
  const last = stage.targets.at(-1);
  let asked = 0;
  Object.assign(stage.ports, {
    async probe(question: Parameters<typeof probe>[0]) {
      await stage.clock.sleep(12 * secondMs);
      const answers = await probe(question);
      if (question.host !== last?.endpoint.host) return answers;
      asked += 1;
      return asked > 1
        ? answers
        : answers.map((answer) => ({
            ...answer,
            serial: 'F0',
            fingerprintSha256: paperFingerprint('F0'),
          }));
    },
  });
  await stage.verify();
  expect(await countOf(stage, 'contradicted')).toBe(0);
  expect(stage.told()).toEqual(['served']);
});

test('a staging certificate does not take the place of what was bound after its note', async () => {
  const stage = deployStage({ kinds: ['default', 'default'] });
  const { probe } = stage.ports;
  Object.assign(stage.ports, {
    probe: async (question: Parameters<typeof probe>[0]) =>
      (await probe(question)).map((answer) =>
        answer.outcome === 'answered' && answer.serial === 'F0'
          ? { ...answer, selfSigned: true }
          : answer,
      ),
  });
  await stage.issue('v1', { origin });
  const trusted = `${foreignArn}-trusted`;
  const foreign = stage.acm.held.get(foreignArn);
  if (foreign)
    stage.acm.hold({
      ...foreign,
      arn: trusted,
      serial: 'AA',
      fingerprintSha256: paperFingerprint('AA'),
    });
  const take = stage.acm.import;
  stage.acm.import = (request) => {
    stage.target.rebindByHand(trusted);
    return take(request);
  };
  expect(await stage.deploy()).toMatchObject({ failed: [stage.target.key] });
  expect(stage.target.held).toEqual([trusted]);
});

const origin = {
  directory: 'https://staging.example/directory',
  account: 'https://staging.example/acct/1',
  profile: null,
  staging: true,
};

test('a contradiction is handed over at once, whatever else the run still asks', async () => {
  const stage = await stageOf(2);
  const [first, second] = stage.targets.map(({ key }) => key) as [string, string];
  stage.leave(second);
  await stage.deploy();
  stage.clock.advance(2 * minuteMs);
  stage.join(second);
  await stage.deploy();
  stage.spoil(first, 'F0');
  stage.spoil(second, null);
  Object.assign(stage.ports.settings, { spreadMs: 15 * minuteMs });
  await stage.ledger.update('shop', (record) => {
    const deployment = record.deployments[first];
    if (!deployment) return record;
    const changedAt = new Date(stage.clock.now().getTime() - hourMs).toISOString();
    return {
      ...record,
      deployments: { ...record.deployments, [first]: { ...deployment, changedAt } },
    };
  });
  const since = stage.clock.now().getTime();
  const startedAfterMs: number[] = [];
  const start = async () => void startedAfterMs.push(stage.clock.now().getTime() - since);
  Object.assign(stage.ports, { functions: { start } });
  await stage.verify();
  expect(await stage.states()).toEqual(['contradicted', 'awaiting-proof']);
  expect(startedAfterMs[0]).toBeLessThan(10 * secondMs);
});

test('a contradiction is handed over once', async () => {
  const stage = await stageOf(2);
  await stage.deploy();
  stage.spoil(stage.target.key, 'F0');
  stage.clock.advance(2 * minuteMs);
  const started: Work[] = [];
  Object.assign(stage.ports, {
    functions: { start: async (work: Work) => void started.push(work) },
  });
  stage.work.length = 0;
  await stage.verify();
  expect(started).toHaveLength(1);
  expect(stage.work).toEqual([]);
});

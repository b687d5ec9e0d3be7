import { expect, test } from 'vitest';
import type { ProbeAnswer } from '#shared/deploy/probe/probe.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { deployStage, foreignArn } from '#test/support/deploy-stage.ts';

const origin = {
  directory: 'https://staging.example/directory',
  account: 'https://staging.example/acct/1',
  profile: null,
  staging: true,
};

type Answered = Extract<ProbeAnswer, { outcome: 'answered' }>;

/** A stage whose listener presents a foreign certificate with these traits. */
function stageServing(change: Partial<Answered>, options: Parameters<typeof deployStage>[0] = {}) {
  const stage = deployStage(options);
  const { probe } = stage.ports;
  Object.assign(stage.ports, {
    probe: async (question: Parameters<typeof probe>[0]) =>
      (await probe(question)).map((answer) =>
        answer.outcome === 'answered' && answer.serial === 'F0' ? { ...answer, ...change } : answer,
      ),
  });
  return stage;
}

test('where nobody can ask, a staging certificate takes the place of no certificate that ACM has', async () => {
  const stage = deployStage();
  const look = stage.target.look.bind(stage.target);
  Object.assign(stage.target, { look: async () => ({ ...(await look()), endpoint: null }) });
  await stage.issue('v1', { origin });
  await stage.deploy();
  expect(stage.target.held).toEqual([foreignArn]);
  const failure = (await stage.record()).deployments[stage.target.key]?.failure;
  expect(failure).toMatchObject({ error: 'StagingWouldReplace' });
});

test.each(['new-arn', 'in-place'] as const)(
  'a staging certificate takes the place of nothing that clients may trust (%s)',
  async (adopt) => {
    const stage = deployStage({ adopt });
    await stage.issue('v1', { origin });
    expect(await stage.deploy()).toMatchObject({ failed: [stage.target.key] });
    expect(stage.target.held).toEqual([foreignArn]);
    expect(stage.acm.held.size).toBe(1);
    const failure = (await stage.record()).deployments[stage.target.key]?.failure;
    expect(failure).toMatchObject({ error: 'StagingWouldReplace', count: 1 });
    await stage.deploy();
    expect((await stage.record()).deployments[stage.target.key]?.failure?.count).toBe(1);
  },
);

test('nor where nobody can say what is served', async () => {
  const stage = deployStage();
  stage.spoil(stage.target.key, null);
  await stage.issue('v1', { origin });
  expect(await stage.deploy()).toMatchObject({ failed: [stage.target.key] });
});

test('nor beside it in an SNI list, where it would be presented first', async () => {
  const stage = deployStage({ kinds: ['sni'] });
  await stage.issue('v1', { origin });
  expect(await stage.deploy()).toMatchObject({ failed: [stage.target.key] });
  expect(stage.target.held).toEqual([foreignArn]);
});

test.each<[string, Partial<Answered>]>([
  ['signed itself', { selfSigned: true }],
  ['has ended', { notAfter: addMs(new Date('2026-11-22T03:00:00Z'), -dayMs) }],
])('it takes the place of what %s', async (_, change) => {
  const stage = stageServing(change);
  await stage.issue('v1', { origin });
  expect(await stage.deploy()).toMatchObject({ failed: [] });
  expect(stage.target.held).not.toContain(foreignArn);
});

test('and of an earlier one of its kind', async () => {
  const stage = stageServing({ selfSigned: true });
  await stage.issue('v1', { origin });
  await stage.deploy();
  await stage.issue('v2', { origin });
  expect(await stage.deploy()).toMatchObject({ failed: [] });
});

test('a certificate that clients trust takes the place of anything', async () => {
  const stage = deployStage();
  await stage.issue('v1', { origin: { ...origin, staging: false } });
  expect(await stage.deploy()).toMatchObject({ failed: [] });
});

test('a target that was refused waits for its time, whatever another one needs', async () => {
  const stage = deployStage({ kinds: ['default', 'default'] });
  const [first, second] = stage.targets.map(({ key }) => key);
  stage.leave(second ?? '');
  await stage.issue('v1', { origin });
  await stage.deploy();
  stage.join(second ?? '');
  expect(await stage.deploy()).toMatchObject({ failed: [second] });
  const { deployments } = await stage.record();
  expect(deployments[first ?? '']?.failure?.count).toBe(1);
});

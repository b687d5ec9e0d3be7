import { beforeEach, expect, test } from 'vitest';
import type { Answered } from '#shared/deploy/probe/probe.ts';
import { deployStage, type Stage } from '#test/support/deploy-stage.ts';

const iamArn = 'arn:aws:iam::000000000000:server-certificate/old';

let stage: Stage;
beforeEach(async () => {
  stage = deployStage();
  stage.target.rebindByHand(iamArn);
  await stage.issue('v1');
});

/** What the listener presents, which only a handshake tells, as it is not in ACM. */
function presenting(shown: Partial<Answered>): void {
  const { probe } = stage.ports;
  Object.assign(stage.ports, {
    probe: async (question: Parameters<typeof probe>[0]) =>
      (await probe(question)).map((answer) => ({ ...answer, ...shown })),
  });
}

async function error() {
  return (await stage.record()).deployments[stage.target.key]?.failure?.error;
}

test('a default certificate without a readable name may lose names that nobody knows', async () => {
  presenting({ names: [] });
  await stage.deploy();
  expect(await error()).toBe('NamesWouldBeLost');
  expect(stage.target.held).toEqual([iamArn]);
});

test('one that signed itself and has no name is a placeholder', async () => {
  presenting({ names: [], selfSigned: true });
  expect(await stage.deploy()).toMatchObject({ failed: [] });
});

test('the common name of one is kept as any other name', async () => {
  presenting({ names: ['old.example.com'] });
  await stage.deploy();
  expect(await error()).toBe('NamesWouldBeLost');
});

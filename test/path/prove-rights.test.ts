import { afterEach, expect, test } from 'vitest';
import { without } from '#test/installed/rights/statements.ts';
import { proofStage } from '#test/support/proof-stage.ts';

let stage: Awaited<ReturnType<typeof proofStage>>;
afterEach(() => stage?.world.close());

const role = 'certkeep-us-east-1-deploy';

test('with the rights of the template the proof succeeds with two imports, and leaves nothing', async () => {
  stage = await proofStage();
  expect(await stage.prove()).toMatchObject({ outcome: 'proven' });
  expect(stage.imports()).toBe(2);
  expect(stage.left()).toEqual([]);
  expect(stage.world.denied()).toEqual([]);
});

test('proven rights cost nothing more, until somebody asks for another proof', async () => {
  stage = await proofStage();
  await stage.prove();
  expect(await stage.prove()).toMatchObject({ outcome: 'proven' });
  expect(stage.imports()).toBe(2);
  expect(await stage.prove({ again: true })).toMatchObject({ outcome: 'proven' });
  expect(stage.imports()).toBe(4);
});

test('a place that the configuration does not name is left alone', async () => {
  stage = await proofStage();
  expect(await stage.prove({ place: '999999999999/us-east-1' })).toEqual({
    outcome: 'nothing-to-do',
  });
  expect(stage.imports()).toBe(0);
});

test('without the statement on the tag an event says at the second failure, once, what renewals lack, and people hear it', async () => {
  let isMissing = true;
  const gone = [{ role, sid: 'RenewOwnCertificates' }];
  stage = await proofStage({ edit: (all) => (isMissing ? without(all, gone) : all) });
  const { left, told, prove, wait, world, place } = stage;
  for (const expected of [0, 1, 1, 1]) {
    expect(await prove()).toMatchObject({ outcome: 'failed', error: 'RightsNotProven' });
    expect(told()).toHaveLength(expected);
    wait();
    world.clock.advance(24 * 3_600_000);
  }
  const [event] = told();
  expect(event).toMatchObject({ severity: 'critical', details: { target: place } });
  expect(event?.summary).toContain(place);
  expect(event?.details.message).toMatch(/RenewOwnCertificates.*is not authorized to perform/);
  expect(event?.details.nextStep).toMatch(/before the next renewal/);
  await world.startCheck();
  await world.settle();
  expect(world.inbox()).toHaveLength(1);
  expect(world.inbox()[0]?.message).toContain(
    'warning: certkeep lacks rights in us-east-1: RightsNotProven',
  );
  // What cannot be renewed serves the next try: the yearly quota of imports pays for one.
  expect(left()).toHaveLength(1);

  world.clock.advance(24 * 3_600_000);
  isMissing = false;
  await world.reconfigure((text) => text);
  expect(await prove()).toMatchObject({ outcome: 'proven' });
  expect(left()).toEqual([]);
});

test.each([
  ['ImportNewCertificates', 0],
  ['DeleteOwnCertificates', 1],
])('without %s the proof fails by its name', async (sid, leftBehind) => {
  stage = await proofStage({ edit: (all) => without(all, [{ role, sid }]) });
  expect(await stage.prove()).toMatchObject({
    outcome: 'failed',
    error: 'RightsNotProven',
    message: expect.stringContaining(sid),
  });
  expect(stage.left()).toHaveLength(leftBehind);
});

test('a right that takes twenty seconds to be known everywhere is waited for', async () => {
  stage = await proofStage();
  stage.world.cloud.faults.add({
    when: ({ operation, input }) =>
      operation === 'ImportCertificate' && 'CertificateArn' in (input as object),
    fault: { do: 'refuse', code: 'AccessDeniedException', status: 400 },
    times: 4,
  });
  expect(await stage.prove()).toMatchObject({ outcome: 'proven' });
});

test('an error that passes is tried again after its back-off, and is no event', async () => {
  stage = await proofStage();
  stage.world.cloud.faults.add({
    when: ({ operation }) => operation === 'DeleteCertificate',
    fault: { do: 'refuse', code: 'InternalError', status: 400 },
  });
  expect(await stage.prove()).toMatchObject({ outcome: 'failed', error: 'ServiceFailed' });
  stage.wait();
  expect(await stage.prove()).toMatchObject({ outcome: 'proven' });
  expect([stage.left(), stage.told()]).toEqual([[], []]);
});

test('trouble of a service is an event once it has lasted, and no catastrophe', async () => {
  stage = await proofStage();
  const { prove, told, wait, world } = stage;
  world.cloud.faults.add({
    when: ({ caller, operation }) => caller === 'deploy' && operation === 'ListCertificates',
    fault: { do: 'refuse', code: 'ServiceUnavailable', status: 503 },
    times: Number.POSITIVE_INFINITY,
  });
  for (const expected of [0, 0, 0, 1]) {
    expect(await prove()).toMatchObject({ outcome: 'failed', error: 'ServiceFailed' });
    expect(told()).toHaveLength(expected);
    wait();
  }
  expect(told()).toMatchObject([{ severity: 'warning' }]);
});

test('a throwaway certificate is nobody’s certificate: it is neither found as ours nor taken over', async () => {
  stage = await proofStage({
    edit: (all) => without(all, [{ role, sid: 'DeleteOwnCertificates' }]),
  });
  await stage.prove();
  const [arn] = stage.left();
  await stage.world.check();
  await stage.world.live(3_600_000);
  const { imports, deployments } = stage.world.record('shop');
  expect(Object.values(deployments).map(({ state }) => state)).toEqual(['proven']);
  expect(Object.values(imports).map((entry) => entry.arn)).not.toContain(arn);
  expect(stage.left()).toEqual([arn]);
});

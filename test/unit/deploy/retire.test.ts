import { beforeEach, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { foreignArn, place } from '#test/support/deploy-stage.ts';
import { balancer, type RetireStage, retireStage } from '#test/support/retire-stage.ts';

let stage: RetireStage;
beforeEach(async () => {
  stage = await retireStage();
});

test('an unused certificate is removed from a retired place, and the record says so', async () => {
  await stage.deployed();
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
  expect((await stage.record()).history).toContainEqual({
    at: expect.any(String),
    stage: 'import',
    what: `nothing of ours is left in ${place}`,
    why: 'the place is retired',
  });
  expect(await stage.deploy()).toEqual({ outcome: 'nothing-to-do' });
});

test('also where the certificate has left the configuration altogether', async () => {
  await stage.deployed();
  stage.retire();
  stage.unconfigure();
  await stage.deploy();
  await stage.expectNothingLeft();
});

test('no listener is touched, nothing is imported and nothing is asked of verify', async () => {
  await stage.deployed();
  const changes = stage.target.changes.length;
  const [imports, work] = [stage.acm.imports.length, stage.work.length];
  await stage.issue('v2');
  stage.retire();
  await stage.deploy();
  expect(stage.target.changes).toHaveLength(changes);
  expect([stage.acm.imports.length, stage.work.length]).toEqual([imports, work]);
});

test('a certificate in use stays with its parameter, and is looked at again every hour', async () => {
  const arn = await stage.deployed([balancer]);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [arn] });
  expect(stage.published()).toBe(arn);
  stage.acm.setInUseBy(arn, []);
  const until = new Date(stage.clock.now().getTime() + hourMs);
  expect(await stage.deploy()).toEqual({ outcome: 'waiting', until });
  stage.clock.advance(hourMs);
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
  expect(stage.told()).toEqual(['served']);
});

test('an earlier one goes while the one in use keeps its parameter', async () => {
  const [, second] = await stage.deployedTwice();
  stage.acm.setInUseBy(second, [balancer]);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [second] });
  expect(stage.heldArns()).toEqual([second]);
  expect(stage.published()).toBe(second);
});

test('the one in use goes with its parameter while something uses an earlier one', async () => {
  const [first] = await stage.deployedTwice();
  stage.acm.setInUseBy(first, [balancer]);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [first] });
  expect([stage.heldArns(), stage.published()]).toEqual([[first], undefined]);
});

test('a certificate that something uses at the last moment stays without its parameter', async () => {
  const arn = await stage.deployed();
  // In use for ACM, not yet in what it shows.
  stage.ports.certificateManagerFor = () => ({ ...stage.acm, delete: async () => 'in-use' });
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [arn] });
  expect(stage.published()).toBeUndefined();
  expect((await stage.record()).imports[place]).toMatchObject({ arn, publishedArn: null });
});

test('an adopted certificate is left to whoever made it, and only its parameter goes', async () => {
  stage = await retireStage({ adopt: 'in-place' });
  await stage.deploy();
  expect(stage.published()).toBe(foreignArn);
  stage.acm.setInUseBy(foreignArn, [balancer]);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
});

test('a certificate that somebody else has deleted is no failure, and its parameter is deleted', async () => {
  const [first, second] = await stage.deployedTwice();
  stage.acm.setInUseBy(first, [balancer]);
  await stage.acm.delete(second);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [first] });
  expect(stage.published()).toBeUndefined();
});

test('a parameter whose certificate the record has lost goes all the same', async () => {
  const arn = await stage.deployed();
  await stage.acm.delete(arn);
  await stage.ledger.update('shop', (record) => {
    const entry = record.imports[place] as NonNullable<(typeof record.imports)[string]>;
    return { ...record, imports: { [place]: { ...entry, arn: null, versionId: null } } };
  });
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
});

test('a failed deploy that never imported anything leaves the record as well', async () => {
  stage.target.refuseNextLook(new Error('no such listener'));
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [stage.target.key] });
  expect(await stage.states()).toEqual(['failed']);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [] });
  await stage.expectNothingLeft();
});

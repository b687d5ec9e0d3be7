import { beforeEach, expect, test } from 'vitest';
import { deployStage, foreignArn, place } from '#test/support/deploy-stage.ts';
import { balancer, type RetireStage, retireStage } from '#test/support/retire-stage.ts';

let stage: RetireStage;
beforeEach(async () => {
  stage = await retireStage();
});

test('a place that comes back before anything is gone goes on as it was', async () => {
  const arn = await stage.deployed([balancer]);
  stage.target.rebindByHand(arn);
  stage.retire();
  await stage.deploy();
  stage.comeBack();
  expect(await stage.deploy()).toEqual({ outcome: 'nothing-to-do' });
  await stage.issue('v2');
  await stage.deploy();
  expect(stage.acm.imports).toEqual([null, arn]);
});

test('a place that comes back afterwards is deployed to and published anew', async () => {
  await stage.deployed();
  stage.retire();
  await stage.deploy();
  stage.comeBack();
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.target.held[0]).not.toBe(foreignArn);
  expect(stage.published()).toBe(stage.target.held[0]);
});

test('a certificate that is gone when its place comes back is deployed anew', async () => {
  const [first] = await stage.deployedTwice();
  stage.acm.setInUseBy(first, [balancer]);
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [first] });
  stage.comeBack();
  expect(await stage.deploy()).toEqual({ outcome: 'deployed', failed: [] });
  expect(stage.published()).toBe(stage.target.held[0]);
  const { retired } = (await stage.record()).imports[place] ?? {};
  expect(retired?.map(({ arn }) => arn)).toEqual([first]);
});

test('a parameter that was withdrawn for nothing is published again when the place comes back', async () => {
  const arn = await stage.deployed();
  stage.ports.certificateManagerFor = () => ({ ...stage.acm, delete: async () => 'in-use' });
  stage.retire();
  await stage.deploy();
  expect(stage.published()).toBeUndefined();
  stage.ports.certificateManagerFor = () => stage.acm;
  stage.comeBack();
  await stage.deploy();
  expect(stage.published()).toBe(arn);
});

test('so is one whose withdrawal nobody heard of', async () => {
  const arn = await stage.deployed();
  const { publisher } = stage;
  const loseAnswer = async (name: string) => {
    await publisher.withdraw(name);
    throw new Error('socket hang up');
  };
  stage.ports.publisherFor = () => ({ ...publisher, withdraw: loseAnswer });
  stage.retire();
  expect(await stage.deploy()).toEqual({ outcome: 'retired', left: [arn] });
  expect([stage.published(), stage.heldArns()]).toEqual([undefined, [arn]]);
  stage.ports.publisherFor = () => publisher;
  stage.comeBack();
  await stage.deploy();
  expect(stage.published()).toBe(arn);
});

test('a message about a certificate without a record begins none', async () => {
  const empty = deployStage();
  empty.retire();
  expect(await empty.deploy()).toEqual({ outcome: 'nothing-to-do' });
  expect((await empty.ledger.list()).size).toBe(0);
});

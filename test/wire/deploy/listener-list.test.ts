import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Position } from '#shared/targets/target.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld, place } from '#test/support/deploy-world.ts';

const name = 'shop.example.com';
let lab: DeployLab;
let foreign: string;
let alb: Awaited<ReturnType<DeployLab['createAlb']>>;

beforeEach(async () => {
  lab = await deployLab();
  foreign = await importOther([name]);
  alb = await lab.createAlb('shop', foreign);
});
afterEach(() => lab.close());

async function importOther(names: readonly string[], key: 'rsa-2048' | 'ecdsa-p256' = 'rsa-2048') {
  return lab.imported(await makeCertificate({ names, key, now: lab.clock.now() }));
}

function worldAt(certificate: Position): DeployWorld {
  return deployWorld(lab, [{ type: 'alb', listener: alb.listener, certificate }]);
}

/** Deploys and verifies until nothing is due any more, as check would have it, for so long. */
async function live(world: DeployWorld, forMs: number): Promise<void> {
  const until = lab.clock.now().getTime() + forMs;
  while (lab.clock.now().getTime() < until) {
    await world.deploy();
    await world.verify();
    await lab.clock.sleep(10 * minuteMs);
  }
}

/** A contradiction is believed at the second look, whose time is drawn: until then it stands there unjudged. */
async function untilSettled(world: DeployWorld): Promise<void> {
  for (let steps = 0; steps < 12; steps += 1) {
    if (!(await world.states()).includes('contradicted')) return;
    await live(world, 10 * minuteMs);
  }
}

async function held() {
  const all = await lab.listed(alb.listener);
  return {
    default: all.find(({ IsDefault }) => IsDefault)?.CertificateArn,
    list: all.filter(({ IsDefault }) => !IsDefault).map(({ CertificateArn }) => CertificateArn),
  };
}

async function ownArn(world: DeployWorld): Promise<string> {
  return (await world.record()).imports[place]?.arn as string;
}

test('a default that stands in the list as well, as the console makes it, is replaced for clients', async () => {
  await lab.list(alb.listener, foreign);
  const world = worldAt('default');
  const serial = await world.issue('v1');
  await live(world, hourMs);
  expect(await world.states()).toEqual(['proven']);
  expect(await held()).toEqual({ default: await ownArn(world), list: [] });
  expect(new Set(await world.served(alb.host, alb.port))).toEqual(new Set([serial]));
  expect(world.events.map(({ type }) => type)).toEqual(['served']);
});

test('an ARN of ours that stands in the list from before leaves it with the next new ARN', async () => {
  const world = worldAt('sni');
  await world.issue('v1');
  await live(world, hourMs);
  world.moveTo([{ type: 'alb', listener: alb.listener, certificate: 'default' }]);
  await live(world, hourMs);
  const serial = await world.issue('v2', 'ecdsa-p256');
  await live(world, hourMs);
  expect(await world.states()).toEqual(['proven']);
  expect(await held()).toEqual({ default: await ownArn(world), list: [] });
  expect(new Set(await world.served(alb.host, alb.port))).toEqual(new Set([serial]));
});

test('a certificate that is not served is rolled back to the earlier list as well', async () => {
  await lab.list(alb.listener, foreign);
  const world = worldAt('default');
  await world.issue('v1');
  await world.deploy();
  expect((await held()).list).toEqual([]);
  // The nodes never hear of the change.
  lab.balancers.stick('shop');
  await lab.clock.sleep(10 * minuteMs);
  await world.verify();
  await world.verify();
  await world.deploy();
  expect(await world.states()).toEqual(['rolled-back']);
  expect(await held()).toEqual({ default: foreign, list: [foreign] });
});

test('both is the default and in the list, and a new ARN takes both places', async () => {
  const world = worldAt('both');
  await world.issue('v1');
  await live(world, hourMs);
  const first = await ownArn(world);
  expect(await held()).toEqual({ default: first, list: [first] });
  await world.issue('v2', 'ecdsa-p256');
  await live(world, hourMs);
  const second = await ownArn(world);
  expect(second).not.toBe(first);
  expect(await held()).toEqual({ default: second, list: [second] });
  expect(await world.states()).toEqual(['proven']);
});

test('a certificate of somebody else that would answer for our name holds back the binding, and is told once', async () => {
  const wildcard = await importOther(['*.example.com']);
  await lab.list(alb.listener, wildcard);
  const world = worldAt('default');
  await world.issue('v1');
  const before = await held();
  await live(world, 6 * hourMs);
  expect(await held()).toEqual(before);
  expect(await world.states()).toEqual(['failed']);
  const [told, ...more] = world.events;
  expect(more).toEqual([]);
  expect(told?.details.message).toContain(wildcard);
  expect(told?.details.message).toContain(name);
  await lab.unlist(alb.listener, wildcard);
  await live(world, 24 * hourMs);
  expect(await world.states()).toEqual(['proven']);
});

test('a certificate of another key family in the list is no rival', async () => {
  await lab.list(alb.listener, await importOther([name], 'ecdsa-p256'));
  const world = worldAt('sni');
  await world.issue('v1');
  await live(world, hourMs);
  expect(await world.states()).toEqual(['proven']);
});

test('a renewal of what is bound already is not held back by who else answers', async () => {
  const world = worldAt('sni');
  await world.issue('v1');
  await live(world, hourMs);
  await lab.list(alb.listener, await importOther(['*.example.com']));
  await world.issue('v2', 'rsa-4096');
  await live(world, hourMs);
  expect((await held()).list).toContain(await ownArn(world));
});

test('a certificate that somebody lists later and that answers instead is named, and nothing is put back', async () => {
  const world = worldAt('default');
  await world.issue('v1');
  await live(world, hourMs);
  const wildcard = await importOther(['*.example.com']);
  await lab.list(alb.listener, wildcard);
  const before = await held();
  await live(world, 12 * hourMs);
  await untilSettled(world);
  expect(await held()).toEqual(before);
  expect(await world.states()).toEqual(['unknown']);
  const told = world.events.filter(({ type }) => type !== 'served');
  expect(told).toHaveLength(1);
  expect(told[0]?.details.message).toContain(wildcard);
});

test('a listener that somebody sets back is put right, in words that say so', async () => {
  const world = worldAt('default');
  await world.issue('v1');
  await live(world, hourMs);
  await lab.setDefault(alb.listener, foreign);
  await live(world, 8 * hourMs);
  expect(await world.states()).toEqual(['proven']);
  const told = world.events.filter(({ type }) => type !== 'served');
  expect(told.map(({ type }) => type)).toEqual(['listener-changed']);
  expect(told[0]?.summary).toContain('somebody changed shop:');
});

function changesMade(): number {
  return lab.faults.calls.filter(({ operation }) => operation === 'ModifyListener').length;
}

test('somebody who sets it back each time is not fought for more than some times a day', async () => {
  const world = worldAt('default');
  await world.issue('v1');
  await live(world, hourMs);
  const changesBefore = changesMade();
  for (let hour = 0; hour < 24; hour += 1) {
    await lab.setDefault(alb.listener, foreign);
    await world.look();
    await live(world, hourMs);
  }
  // Those by hand, and ours.
  expect(changesMade() - changesBefore - 24).toBeLessThanOrEqual(9);
  const told = world.events.filter(({ details }) => details.error === 'ListenerContested');
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]?.severity).toBe('critical');
});

test('a renewal with a key of the other family is held back where somebody else would answer to its clients', async () => {
  const world = worldAt('sni');
  await world.issue('v1');
  await live(world, hourMs);
  const first = await ownArn(world);
  await lab.list(alb.listener, await importOther(['*.example.com'], 'ecdsa-p256'));
  await world.issue('v2', 'ecdsa-p256');
  await live(world, hourMs);
  expect((await held()).list).toContain(first);
  expect(world.events.map(({ details }) => details.error)).toContain('NameServedByAnother');
});

import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Position } from '#shared/targets/target.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
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

async function importOther(names: readonly string[]) {
  return lab.imported(await makeCertificate({ names, key: 'rsa-2048', now: lab.clock.now() }));
}

function worldAt(certificate: Position): DeployWorld {
  return deployWorld(lab, [{ type: 'alb', listener: alb.listener, certificate }]);
}

async function served(world: DeployWorld): Promise<void> {
  await world.issue('v1');
  await world.deploy();
  await lab.clock.sleep(10 * minuteMs);
  await world.verify();
  expect(await world.states()).toEqual(['proven']);
}

async function standard() {
  const all = await lab.listed(alb.listener);
  return all.find(({ IsDefault }) => IsDefault)?.CertificateArn;
}

async function ownArn(world: DeployWorld) {
  return (await world.record()).imports[place]?.arn;
}

test('the deploy that the hourly look asks for corrects what the look has found', async () => {
  const world = worldAt('default');
  await served(world);
  await lab.setDefault(alb.listener, foreign);
  await lab.clock.sleep(hourMs);
  expect((await world.look()).drifted).toHaveLength(1);
  await world.deploy();
  expect(await standard()).toBe(await ownArn(world));
  expect(world.events.map(({ type }) => type)).toContain('listener-changed');
});

test('a changed listener that may not be put right is told, and tried again later and later', async () => {
  const world = worldAt('default');
  await served(world);
  await lab.setDefault(alb.listener, await importOther(['pay.example.com']));
  await lab.clock.sleep(hourMs);
  await world.look();
  await world.deploy();
  expect(await world.states()).toEqual(['failed']);
  expect(world.events.map(({ details }) => details.error)).toContain('NamesWouldBeLost');
  await world.deploy();
  expect(world.events.filter(({ type }) => type === 'failed')).toHaveLength(1);
});

test('a default that answers today by its place in the list clears nobody who may answer once it has left that', async () => {
  await lab.list(alb.listener, foreign);
  // Both of one rank with it, and after it by what AWS does not document.
  for (const days of [60, 70]) {
    const notAfter = addMs(lab.clock.now(), days * dayMs);
    const made = makeCertificate({
      names: [name],
      key: 'rsa-2048',
      now: lab.clock.now(),
      notAfter,
    });
    await lab.list(alb.listener, await lab.imported(await made));
  }
  const world = worldAt('default');
  await world.issue('v1');
  await world.deploy();
  expect(await standard()).toBe(foreign);
  expect(world.events.map(({ details }) => details.error)).toEqual(['NameServedByAnother']);
});

test('a default that is of one rank with ours in the list is not cleared by its own answer', async () => {
  await lab.list(alb.listener, foreign);
  const world = worldAt('sni');
  await world.issue('v1');
  await world.deploy();
  expect(await lab.listed(alb.listener)).toHaveLength(2);
  expect(world.events.map(({ details }) => details.error)).toEqual(['NameServedByAnother']);
});

test('a default of another key family makes no room in a full list, since our clients could not use it', async () => {
  const now = lab.clock.now();
  const other = await makeCertificate({ names: [name], key: 'ecdsa-p256', now });
  await lab.setDefault(alb.listener, await lab.imported(other));
  const world = worldAt('sni');
  await served(world);
  const first = (await ownArn(world)) as string;
  for (const other of ['pay.example.org', 'api.example.org']) {
    await lab.list(alb.listener, await importOther([other]));
  }
  await world.issue('v2', 'rsa-4096');
  await world.deploy();
  expect(world.events.map(({ details }) => details.error)).toContain('ListenerFull');
  const held = await lab.listed(alb.listener);
  expect(held.map(({ CertificateArn }) => CertificateArn)).toContain(first);
});

test('a certificate that answers for a special name of others does not leave them to an expired certificate', async () => {
  const now = lab.clock.now();
  const soon = addMs(now, hourMs);
  const made = makeCertificate({
    names: ['pay.example.com'],
    key: 'rsa-2048',
    now,
    notAfter: soon,
  });
  const special = await lab.imported(await made);
  const wildcard = await importOther(['*.example.com']);
  await lab.setDefault(alb.listener, wildcard);
  for (const arn of [wildcard, special]) await lab.list(alb.listener, arn);
  await lab.clock.sleep(2 * hourMs);
  const targets = [{ type: 'alb', listener: alb.listener, certificate: 'default' } as const];
  const world = deployWorld(lab, targets, { name: '*.example.com' });
  await world.issue('v1');
  await world.deploy();
  expect(await standard()).toBe(wildcard);
  expect(world.events[0]?.details.message).toContain(special);
});

import { importInput, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld, place } from '#test/support/deploy-world.ts';

const alias = 'shop.example.com';
const deployMs = 10 * minuteMs;
/** A run that only asks and looks takes no longer, also where it waits for its turn. */
const momentMs = 2 * secondMs;

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
  lab.distributions.setDeployMs(deployMs);
});
afterEach(() => lab.close());

async function fleet({ names = [alias], aliases = [alias] } = {}) {
  const foreign = await makeCertificate({ names: [alias, ...aliases], key: 'rsa-2048' });
  const distribution = await lab.createDistribution(aliases, await lab.imported(foreign));
  const target = { type: 'cloudfront', distribution: distribution.id } as const;
  return { ...distribution, foreign, world: deployWorld(lab, [target], { names, name: alias }) };
}

const deploymentOf = async (world: DeployWorld) =>
  Object.values((await world.record()).deployments)[0];

/** Runs of verify, as its schedule starts them, or less often; none of them waits for the edges. */
async function verifyFor(
  world: DeployWorld,
  ms: number,
  pauseMs = secondMs,
): Promise<readonly string[]> {
  const states = new Set<string>();
  for (const end = lab.clock.now().getTime() + ms; lab.clock.now().getTime() < end; ) {
    const begun = lab.clock.now().getTime();
    await world.verify();
    const { nextProbeAt, probe, state } = (await deploymentOf(world)) ?? {};
    states.add(`${state} ${probe?.outcome}`);
    expect(lab.clock.now().getTime() - begun).toBeLessThan(momentMs);
    const waitMs = nextProbeAt ? Date.parse(nextProbeAt) - lab.clock.now().getTime() : minuteMs;
    await lab.clock.sleep(Math.max(waitMs, pauseMs));
  }
  return [...states];
}

async function proven() {
  const made = await fleet();
  await made.world.issue('v1');
  await made.world.deploy();
  await verifyFor(made.world, 2 * deployMs);
  expect(await made.world.states()).toEqual(['proven']);
  made.world.events.splice(0);
  return made;
}

test('until a change is deployed, no answer proves or contradicts it, and nothing is told', async () => {
  const { world, host, port, foreign } = await fleet();
  const serial = await world.issue('v1');
  await world.deploy();
  expect(await verifyFor(world, deployMs / 2)).toEqual(['awaiting-proof spreading']);
  // One edge has it already.
  expect(new Set(await world.served(host, port))).toEqual(new Set([serial, foreign.serial]));
  expect(await verifyFor(world, deployMs / 2 - minuteMs)).toEqual(['awaiting-proof spreading']);
  expect(world.events).toEqual([]);
  await verifyFor(world, 3 * minuteMs);
  expect(await deploymentOf(world)).toMatchObject({
    state: 'proven',
    endpoint: { names: [alias], settledAt: expect.any(String) },
  });
  expect(world.events.map(({ type }) => type)).toEqual(['served']);
});

test('what is deployed and not served is contradicted, and put back when the change is there', async () => {
  const { id, world, host, port, foreign } = await fleet();
  await world.issue('v1');
  lab.balancers.stick(id);
  await world.deploy();
  expect(await verifyFor(world, deployMs - minuteMs)).toEqual(['awaiting-proof spreading']);
  const after = await verifyFor(world, 10 * minuteMs);
  expect(after.at(-1)).toBe('contradicted contradicted');
  await world.deploy();
  expect(await world.states()).toEqual(['rolled-back']);
  expect(world.events.map(({ type }) => type)).toEqual(['rolled-back']);
  lab.balancers.unstick(id);
  await lab.clock.sleep(deployMs);
  expect(new Set(await world.served(host, port))).toEqual(new Set([foreign.serial]));
});

test('a renewal on the same ARN has a day to reach the edges, and few looks in it', async () => {
  const { id, world } = await proven();
  const arn = (await deploymentOf(world))?.arn;
  lab.balancers.stick(id);
  const serial = await world.issue('v2');
  await world.deploy();
  expect((await deploymentOf(world))?.arn).toBe(arn);
  expect(await verifyFor(world, 20 * hourMs, 2 * hourMs)).toEqual(['awaiting-proof spreading']);
  await world.verify();
  const { nextProbeAt } = (await deploymentOf(world)) ?? {};
  expect(nextProbeAt).toBe(addMs(lab.clock.now(), hourMs).toISOString());
  expect(world.events).toEqual([]);
  lab.balancers.unstick(id);
  await verifyFor(world, 2 * hourMs);
  expect(await deploymentOf(world)).toMatchObject({ state: 'proven', probe: { serial } });
});

test('after that day, the certificate before is put back and people hear of it', async () => {
  const { id, world } = await proven();
  lab.balancers.stick(id);
  await world.issue('v2');
  await world.deploy();
  await verifyFor(world, 27 * hourMs, 2 * hourMs);
  expect(await world.states()).toEqual(['contradicted']);
  await world.deploy();
  expect(world.events.map(({ type }) => type)).toEqual(['rolled-back']);
});

test('within the last day of what is served, its renewal gets an ARN of its own', async () => {
  const { world } = await proven();
  const { arn, versionId } = (await deploymentOf(world)) ?? {};
  const version = (await world.record()).versions.find((each) => each.id === versionId);
  const end = Date.parse(version?.notAfter ?? '');
  await lab.clock.sleep(end - lab.clock.now().getTime() - 12 * hourMs);
  await world.issue('v2');
  await world.deploy();
  expect((await deploymentOf(world))?.arn).not.toBe(arn);
  await verifyFor(world, 2 * deployMs);
  expect(await world.states()).toEqual(['proven']);
});

test('earlier than that, it keeps the ARN', async () => {
  const { world } = await proven();
  const arn = (await deploymentOf(world))?.arn;
  await lab.clock.sleep(2 * dayMs);
  await world.issue('v2');
  await world.deploy();
  expect((await deploymentOf(world))?.arn).toBe(arn);
});

test('a change that waits for an earlier one holds no run, and nobody hears of it', async () => {
  const { world } = await fleet();
  await world.issue('v1');
  await world.deploy();
  // Another kind of key takes another ARN.
  const serial = await world.issue('v2', 'ecdsa-p256');
  await world.deploy();
  const waiting = await deploymentOf(world);
  expect(waiting).toMatchObject({ state: 'failed', failure: { error: 'ChangeInProgress' } });
  expect(waiting?.failure?.count).toBe(0);
  for (let minutes = 0; minutes < 20; minutes += 1) {
    await lab.clock.sleep(minuteMs);
    await world.deploy();
  }
  await verifyFor(world, 2 * deployMs);
  expect(await deploymentOf(world)).toMatchObject({ state: 'proven', probe: { serial } });
  expect(world.events.map(({ type }) => type)).toEqual(['served']);
});

describe('the names', () => {
  test('that are no alias are not asked for', async () => {
    const { world } = await fleet({ names: [alias, 'elsewhere.example.com'] });
    await world.issue('v1');
    await world.deploy();
    await verifyFor(world, 2 * deployMs);
    expect(await world.states()).toEqual(['proven']);
  });

  test('under a wildcard are those of the aliases', async () => {
    const { world } = await fleet({ names: ['*.example.com'] });
    await world.issue('v1');
    await world.deploy();
    await verifyFor(world, 2 * deployMs);
    const deployment = await deploymentOf(world);
    expect(deployment).toMatchObject({ state: 'proven', probe: { served: { servername: alias } } });
  });

  test('that are aliases and not covered are told, and nothing is changed', async () => {
    const aliases = [alias, 'left.example.com'];
    const { id, world } = await fleet({ aliases });
    const before = await lab.distributionConfig(id);
    await world.issue('v1');
    await world.deploy();
    expect((await deploymentOf(world))?.failure).toMatchObject({
      error: 'NamesWouldBeLost',
      message: expect.stringContaining('left.example.com'),
    });
    expect(await lab.distributionConfig(id)).toEqual(before);
  });

  test('of a certificate in IAM are read at an alias', async () => {
    const made = await makeCertificate({ names: [alias], key: 'rsa-2048' });
    const id = 'ASCAEXAMPLE';
    lab.distributions.holdIamCertificate({ account: homeAccount }, id, importInput(made));
    const { id: distribution } = await lab.createDistribution([alias], null, {
      ViewerCertificate: { IAMCertificateId: id, SSLSupportMethod: 'sni-only' },
    });
    const world = deployWorld(lab, [{ type: 'cloudfront', distribution }]);
    await world.issue('v1');
    await world.deploy();
    expect((await deploymentOf(world))?.previous).toMatchObject({
      arn: id,
      notAfter: expect.stringMatching(/^\d/),
    });
    await verifyFor(world, 2 * deployMs);
    expect(await world.states()).toEqual(['proven']);
  });

  test('where there are none, the distribution proves what it holds', async () => {
    const { id } = await lab.createDistribution([], null);
    const world = deployWorld(lab, [{ type: 'cloudfront', distribution: id }]);
    await world.issue('v1');
    await world.deploy();
    expect(await verifyFor(world, deployMs / 2)).toEqual(['awaiting-proof spreading']);
    await verifyFor(world, deployMs);
    expect(await world.states()).toEqual(['proven']);
    expect((await world.record()).imports[place]?.arn).toBe((await deploymentOf(world))?.arn);
  });
});

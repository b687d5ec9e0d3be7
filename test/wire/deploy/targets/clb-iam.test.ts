import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';
import { settle } from '#test/support/dies-at-effects.ts';

const key = 'ecdsa-p256';

let lab: DeployLab;
let world: DeployWorld;
let port: number;
let host: string;
let foreign: string;

beforeEach(async () => {
  lab = await deployLab();
  foreign = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  port = await lab.createClb('legacy', foreign);
  const target = { type: 'clb', loadBalancer: 'legacy', port, store: 'iam' } as const;
  world = deployWorld(lab, [target], { store: 'iam', retryDelaysMs: [hourMs] });
});
afterEach(() => lab.close());

const inIam = () => lab.serverCertificates.certificates().map(({ served }) => served.arn);

async function proven(version: string): Promise<string> {
  const serial = await world.issue(version, key);
  expect(await world.deploy()).toMatchObject({ outcome: 'deployed', failed: [] });
  await settle({ lab, world }, 4);
  expect(await world.states()).toEqual(['proven']);
  host =
    (await world.record()).deployments[`clb:${world.place}/legacy:${port}`]?.endpoint?.host ?? '';
  return serial;
}

/** Deploy and verify, as often as check asks for them while nothing happens. */
async function pass(days: number): Promise<void> {
  for (let hours = 0; hours < days * 24; hours += 6) {
    await lab.clock.sleep(6 * hourMs);
    await world.deploy();
    await world.verify();
  }
}

async function served(): Promise<readonly string[]> {
  return [...new Set(await world.served(host, port))];
}

test('a key that a Classic Load Balancer takes from IAM alone is served, and no ARN is published', async () => {
  const serial = await proven('v1');
  expect(await served()).toEqual([serial]);
  expect(await lab.clbHolds('legacy')).toMatch(/:server-certificate\/certkeep\/us-east-1\/shop\./);
  expect(world.published()).toBeNull();
  expect(await world.deploy()).toEqual({ outcome: 'nothing-to-do' });
});

test('a renewal is a second server certificate, and the first is deleted days after it was served last', async () => {
  await proven('v1');
  const first = await lab.clbHolds('legacy');
  const serial = await proven('v2');
  expect(await served()).toEqual([serial]);
  const second = await lab.clbHolds('legacy');
  expect(second).not.toBe(first);
  await pass(2);
  expect(inIam()).toEqual([first, second]);
  await pass(2);
  expect(inIam()).toEqual([second]);
  expect(lab.certificates.certificates().map(({ arn }) => arn)).toEqual([foreign]);
});

test('a server certificate that another load balancer uses stays, and is deleted once that has left it', async () => {
  await proven('v1');
  const first = (await lab.clbHolds('legacy')) ?? '';
  const other = await lab.createClb('another', first);
  await proven('v2');
  await pass(5);
  expect(inIam()).toHaveLength(2);
  const [use] = (await world.record()).imports[world.place]?.retired ?? [];
  expect(use?.use?.by).toEqual([expect.stringMatching(/:loadbalancer\/another$/)]);
  await lab.setClb('another', other, foreign);
  await pass(4);
  expect(inIam()).toEqual([await lab.clbHolds('legacy')]);
});

test('a renewal that the endpoint does not serve goes back to the version of before, which is served', async () => {
  const serial = await proven('v1');
  const first = await lab.clbHolds('legacy');
  await world.issue('v2', key);
  lab.balancers.stick('legacy');
  await world.deploy();
  expect(await lab.clbHolds('legacy')).not.toBe(first);
  await settle({ lab, world }, 10);
  expect(await world.states()).toEqual(['contradicted']);
  await world.deploy();
  lab.balancers.unstick('legacy');
  await lab.clock.sleep(minuteMs);
  expect(await world.states()).toEqual(['rolled-back']);
  expect(await lab.clbHolds('legacy')).toBe(first);
  expect(await served()).toEqual([serial]);
});

test('somebody else’s server certificate comes back too', async () => {
  const made = await makeCertificate({ key: 'rsa-4096' });
  const theirs = await lab.uploaded('their-name', made);
  await lab.setClb('legacy', port, theirs);
  await world.issue('v1', key);
  lab.balancers.stick('legacy');
  await world.deploy();
  await settle({ lab, world }, 10);
  await world.deploy();
  expect(await world.states()).toEqual(['rolled-back']);
  expect(await lab.clbHolds('legacy')).toBe(theirs);
});

test('in a retired place what nothing uses is deleted, and what is in use waits', async () => {
  await proven('v1');
  world.retire();
  await world.deploy();
  expect(inIam()).toHaveLength(1);
  await lab.setClb('legacy', port, foreign);
  await lab.clock.sleep(hourMs);
  expect(await world.deploy()).toEqual({ outcome: 'retired', left: [] });
  expect(inIam()).toEqual([]);
  expect((await world.record()).imports).toEqual({});
});

test('where all places of the account are taken, the listener keeps what it has, and the quota is named', async () => {
  for (let taken = 0; taken < 20; taken += 1) {
    await lab.uploaded(`other-${taken}`, await makeCertificate({ key: 'rsa-2048' }));
  }
  await world.issue('v1', key);
  await world.deploy();
  const [deployment] = Object.values((await world.record()).deployments);
  expect(deployment).toMatchObject({ state: 'failed', failure: { error: 'ImportQuotaReached' } });
  expect(await lab.clbHolds('legacy')).toBe(foreign);
});

test('a look for drift sees the listener whatever its store', async () => {
  await proven('v1');
  await lab.setClb('legacy', port, foreign);
  await lab.clock.sleep(dayMs);
  expect(await world.look()).toMatchObject({ drifted: [`clb:${world.place}/legacy:${port}`] });
});

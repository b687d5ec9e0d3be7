import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';

const domain = 'api.example.com';
/** Only one of them is served at the domain name. */
const names = [domain, 'www.example.com'];
const mutual = {
  mutualTlsAuthentication: { truststoreUri: 's3://trusted/clients.pem' },
  ownershipVerificationCertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/owner',
};

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

/** A domain name with somebody else's certificate. */
async function fleet(
  more: Parameters<DeployLab['createDomainName']>[2] = {},
  endpoint: 'regional' | 'edge' = 'regional',
) {
  const foreign = await makeCertificate({ names, key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  const at = await lab.createDomainName(domain, foreignArn, more);
  const target = { type: 'api-gateway', domain, endpoint } as const;
  return { ...at, foreign, foreignArn, world: deployWorld(lab, [target], { names, name: domain }) };
}

const deploymentOf = async (world: DeployWorld) =>
  Object.values((await world.record()).deployments)[0];
const updates = () =>
  lab.faults.calls.filter(({ operation }) => operation === 'UpdateDomainName').length;

async function settle(world: DeployWorld, minutes: number): Promise<void> {
  for (let runs = 0; runs < minutes; runs += 1) {
    await lab.clock.sleep(minuteMs);
    await world.verify();
  }
}

test('only the domain name is asked at its endpoint, and proven when the change is there', async () => {
  const { world } = await fleet();
  const serial = await world.issue('v1');
  await world.deploy();
  await world.verify();
  expect(await deploymentOf(world)).toMatchObject({
    state: 'awaiting-proof',
    endpoint: { names: [domain], spreadingSince: expect.any(String) },
  });
  await settle(world, 3);
  expect(await deploymentOf(world)).toMatchObject({
    state: 'proven',
    probe: { serial, served: { servername: domain } },
  });
  expect(world.events.map(({ type }) => type)).toEqual(['served']);
});

test('edges take forty minutes, in which nothing is contradicted or told', async () => {
  const { world, host, port, foreign } = await fleet(
    { endpointConfiguration: { types: ['EDGE'] } },
    'edge',
  );
  const serial = await world.issue('v1');
  await world.deploy();
  await settle(world, 35);
  expect(await deploymentOf(world)).toMatchObject({
    state: 'awaiting-proof',
    probe: { outcome: 'spreading' },
  });
  expect(new Set(await world.served(host, port))).toEqual(new Set([serial, foreign.serial]));
  expect(world.events).toEqual([]);
  await settle(world, 10);
  expect(await deploymentOf(world)).toMatchObject({ state: 'proven', probe: { serial } });
  expect(world.events.map(({ type }) => type)).toEqual(['served']);
});

describe('with mutual TLS', () => {
  test('the endpoint is proven, although it refuses a client without a certificate', async () => {
    const { world } = await fleet(mutual);
    const serial = await world.issue('v1');
    await world.deploy();
    await settle(world, 3);
    expect(await deploymentOf(world)).toMatchObject({ state: 'proven', probe: { serial } });
    const renewed = await world.issue('v2');
    await world.deploy();
    await settle(world, 3);
    const after = await deploymentOf(world);
    expect(after).toMatchObject({ state: 'proven', probe: { serial: renewed } });
    expect(updates()).toBe(1);
  });

  test('a renewal by another issuer is told, before ACM gets it', async () => {
    const { world, host, port } = await fleet(mutual);
    const serial = await world.issue('v1');
    await world.deploy();
    await settle(world, 3);
    const held = lab.certificates.certificates().length;
    await world.issue('v2', 'rsa-2048', 'another');
    await world.deploy();
    const failure = (await deploymentOf(world))?.failure;
    expect(failure).toMatchObject({ error: 'IssuerWouldChange' });
    expect(failure?.message).toContain('from local; one from another may not follow it');
    await lab.clock.sleep(minuteMs);
    expect(new Set(await world.served(host, port))).toEqual(new Set([serial]));
    expect(lab.certificates.certificates()).toHaveLength(held);
    expect(world.events.map(({ type }) => type)).toEqual(['served', 'failed']);
  });
});

test('a domain name that is being updated is waited for, and nobody hears of it', async () => {
  const { world } = await fleet();
  await lab.setDomain(
    domain,
    await lab.imported(await makeCertificate({ names, key: 'rsa-2048' })),
  );
  await world.issue('v1');
  await world.deploy();
  const waiting = await deploymentOf(world);
  expect(waiting?.failure).toMatchObject({ error: 'ChangeInProgress', count: 0 });
  const at = world.takeLater();
  expect(at?.toISOString()).toBe(waiting?.failure?.nextAttemptAt);
  lab.clock.advance((at?.getTime() ?? 0) - lab.clock.now().getTime());
  await world.deploy();
  await settle(world, 3);
  expect(await world.states()).toEqual(['proven']);
  expect(world.events.map(({ type }) => type)).toEqual(['served']);
});

test.each([
  ['PENDING_OWNERSHIP_VERIFICATION', 'DomainOwnershipUnverified'],
  ['PENDING_CERTIFICATE_REIMPORT', 'DomainReimportPending'],
  ['FAILED', 'DomainFailed'],
] as const)('one that is %s is not touched, and told as %s', async (lock, error) => {
  const { world } = await fleet();
  lab.gateway.lock(home, domain, lock);
  await world.issue('v1');
  await world.deploy();
  expect((await deploymentOf(world))?.failure).toMatchObject({ error, count: 1 });
  expect(updates()).toBe(0);
  expect(world.events.map(({ type }) => type)).toEqual(['failed']);
});

test('a change whose answer is an error is found done by the same run', async () => {
  const { world } = await fleet();
  await world.issue('v1');
  const run = world.deploy();
  lab.faults.add({
    when: ({ operation }) => operation === 'UpdateDomainName',
    fault: { do: 'lose-answer' },
  });
  await run;
  expect(await deploymentOf(world)).toMatchObject({ state: 'awaiting-proof', failure: null });
  expect(updates()).toBe(1);
});

test('a turn that somebody else has used comes again before all others', async () => {
  const { foreignArn, world } = await fleet();
  const other = 'www.example.com';
  await lab.createDomainName(other, foreignArn);
  const targets = [domain, other].map((each) => {
    return { type: 'api-gateway', domain: each, endpoint: 'regional' } as const;
  });
  world.moveTo(targets);
  await world.issue('v1');
  const run = world.deploy();
  lab.faults.add({
    when: ({ operation }) => operation === 'UpdateDomainName',
    fault: { do: 'refuse', code: 'TooManyRequestsException', status: 429 },
  });
  await run;
  const { deployments } = await world.record();
  const times = Object.values(deployments).map(({ failure }) => failure?.nextAttemptAt ?? '');
  const [first = '', second = ''] = times.toSorted();
  // The turn of the second one comes after the whole turn of the first one.
  expect(Date.parse(second) - Date.parse(first)).toBe(31 * secondMs);
});

import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld } from '#test/support/deploy-world.ts';

const domains = Array.from({ length: 8 }, (_, index) => `api-${index}.example.com`);
const [stuck = ''] = domains;
const names = ['*.example.com'];

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

test('what is put back has the next turn, before all who wait for theirs', async () => {
  const foreign = await makeCertificate({ names, key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  const endpoints = [];
  for (const domain of domains) endpoints.push(await lab.createDomainName(domain, foreignArn));
  const targets = domains.map((domain) => {
    return { type: 'api-gateway', domain, endpoint: 'regional' } as const;
  });
  const world = deployWorld(lab, targets, { names, name: stuck });
  lab.balancers.stick(`domain ${stuck}`);
  await world.issue('v1');
  const changed = () =>
    lab.faults.calls
      .filter(({ operation }) => operation === 'UpdateDomainName')
      .map(({ input }) => (input as { readonly domainName: string }).domainName);
  const stateOf = async (domain: string) =>
    Object.entries((await world.record()).deployments).find(([key]) =>
      key.endsWith(`/${domain}`),
    )?.[1].state;
  let before: readonly string[] = [];
  for (let runs = 0; runs < 60 && (await stateOf(stuck)) !== 'rolled-back'; runs += 1) {
    if ((await stateOf(stuck)) !== 'contradicted') before = changed();
    await world.deploy();
    await lab.clock.sleep(10 * secondMs);
    await world.verify();
  }
  expect(await stateOf(stuck)).toBe('rolled-back');
  expect(before).toContain(stuck);
  expect(before.length).toBeLessThan(domains.length - 1);
  // No other change took a turn between the two.
  expect(changed()).toEqual([...before, stuck]);
  expect(world.events.map(({ type }) => type)).toEqual(['rolled-back']);
  const [at] = endpoints;
  lab.balancers.unstick(`domain ${stuck}`);
  await lab.clock.sleep(30 * secondMs);
  const served = await world.served(at?.host ?? '', at?.port ?? 0);
  expect(new Set(served)).toEqual(new Set([foreign.serial]));
});

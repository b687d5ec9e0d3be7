import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeKey } from '#shared/place.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';

const domains = ['api-0.example.com', 'api-1.example.com', 'api-2.example.com'];
const names = ['*.example.com'];

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

/** One domain name has had its turn, and the others wait for theirs. */
async function waiting(): Promise<{ readonly world: DeployWorld; readonly at: Date }> {
  const theirs = await lab.imported(await makeCertificate({ key: 'rsa-2048', names }));
  for (const domain of domains) await lab.createDomainName(domain, theirs);
  const targets = domains.map((domain) => {
    return { type: 'api-gateway', domain, endpoint: 'regional' } as const;
  });
  const world = deployWorld(lab, targets, { names, name: 'api-0.example.com' });
  world.ask(async () => []);
  await world.issue('v1');
  await world.deploy();
  const at = world.takeLater();
  if (at === null) throw new Error('nobody waits for a turn');
  return { world, at };
}

function advanceTo(at: Date): void {
  lab.clock.advance(at.getTime() - lab.clock.now().getTime());
}

test('a message that comes early comes again at its turn', async () => {
  const { world, at } = await waiting();
  await world.deploy();
  expect(world.takeLater()).toEqual(at);
});

test('while another run has the certificate, each look at its lease sends no further message', async () => {
  const { world, at } = await waiting();
  advanceTo(at);
  expect(await world.deploy(1)).toBe('died');
  expect(await world.deploy()).toMatchObject({ outcome: 'busy' });
  expect(world.takeLater()).toBeNull();
});

test('a turn that has passed brings nothing back while the place waits for another place', async () => {
  const { world, at } = await waiting();
  world.order({
    first: [placeKey({ ...home, region: 'eu-central-1' })],
    others: 'together',
    proveForMs: dayMs,
  });
  world.moveTo([
    ...domains.map((domain) => ({ type: 'api-gateway', domain, endpoint: 'regional' }) as const),
    { type: 'acm', region: 'eu-central-1' },
  ]);
  await world.issue('v2');
  advanceTo(at);
  lab.clock.advance(minuteMs);
  expect(await world.deploy()).toMatchObject({ outcome: 'waiting' });
  expect(world.takeLater()).toBeNull();
});

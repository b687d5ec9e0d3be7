import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld } from '#test/support/deploy-world.ts';

const count = 100;
const domains = Array.from({ length: count }, (_, index) => `api-${index}.example.com`);

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

test('a hundred changes take the turns that API Gateway has, and no run waits for one', async () => {
  const theirs = await lab.imported(
    await makeCertificate({ key: 'rsa-2048', names: ['*.example.com'] }),
  );
  for (const domain of domains) await lab.createDomainName(domain, theirs);
  const targets = domains.map((domain) => {
    return { type: 'api-gateway', domain, endpoint: 'regional' } as const;
  });
  const names = ['*.example.com'];
  const world = deployWorld(lab, targets, { names, name: 'api-0.example.com' });
  // This test does not look at what endpoints answer.
  world.ask(async () => []);
  await world.issue('v1');
  const changes = () =>
    lab.faults.calls.filter(({ operation }) => operation === 'UpdateDomainName');
  const begunAt = lab.clock.now().getTime();
  const tookMs: number[] = [];
  for (let runs = 0; runs < 5 * count; runs += 1) {
    const startedAt = lab.clock.now().getTime();
    const outcome = await world.deploy();
    tookMs.push(lab.clock.now().getTime() - startedAt);
    // Its own message starts the next run at once.
    if (outcome !== 'died' && outcome.outcome === 'goes-on') continue;
    const at = world.takeLater();
    if (at === null) break;
    lab.clock.advance(Math.max(0, at.getTime() - lab.clock.now().getTime()));
  }
  const { deployments } = await world.record();
  expect(Object.values(deployments).map(({ state }) => state)).toEqual(
    Array.from({ length: count }, () => 'awaiting-proof'),
  );
  expect(changes()).toHaveLength(count);
  const minutes = (lab.clock.now().getTime() - begunAt) / minuteMs;
  expect(minutes).toBeGreaterThan(49);
  expect(minutes).toBeLessThan(60);
  // The first ones look at all hundred, at the pace of the API.
  expect(tookMs.filter((ms) => ms > 10 * secondMs).length).toBeLessThan(8);
  expect(world.events).toEqual([]);
}, 120_000);

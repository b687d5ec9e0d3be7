import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';

let lab: DeployLab;
afterEach(() => lab.close());

const count = 100;
const deployMs = 10 * minuteMs;
/** A run of a function, and what one may take of it where it only asks and changes: 20 calls at five a second, a few times. */
const runMs = 150 * secondMs;

async function fleet(): Promise<DeployWorld> {
  lab = await deployLab();
  const names = ['*.edge.example.com'];
  const held = await lab.imported(await makeCertificate({ names }));
  lab.distributions.setDeployMs(deployMs);
  const distributions = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      lab.createDistribution([`d${index}.edge.example.com`], held),
    ),
  );
  const targets = distributions.map(
    ({ id }) => ({ type: 'cloudfront', distribution: id }) as const,
  );
  return deployWorld(lab, targets, { names, name: 'd0.edge.example.com' });
}

/** Runs a function, and says how long it ran. */
async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = lab.clock.now().getTime();
  await run();
  return lab.clock.now().getTime() - begun;
}

async function statesOf(world: DeployWorld): Promise<ReadonlySet<string>> {
  return new Set(await world.states());
}

/** Deploy and verify, as often as their messages and schedules start them. Returns the longest run. */
async function until(world: DeployWorld, isDone: () => Promise<boolean>): Promise<number> {
  let longest = 0;
  for (let round = 0; round < 60; round += 1) {
    longest = Math.max(longest, await timed(() => world.deploy()));
    longest = Math.max(longest, await timed(() => world.verify()));
    if (await isDone()) return longest;
    await lab.clock.sleep(minuteMs);
  }
  throw new Error(`not done: ${[...(await statesOf(world))]}`);
}

test('a hundred distributions get their certificate, and at once another one: no run waits, and nothing false is told', async () => {
  const world = await fleet();
  await world.issue('v1', 'ecdsa-p256');
  const bound = async () => {
    const all = Object.values((await world.record()).deployments);
    return all.length === count && all.every(({ arn, nextProbeAt }) => arn && nextProbeAt);
  };
  expect(await until(world, bound)).toBeLessThan(runMs);
  // Another kind of key takes another ARN, while the first change is on its way everywhere.
  const serial = await world.issue('v2', 'rsa-2048');
  await world.deploy();
  const first = Object.values((await world.record()).deployments);
  expect(first.some(({ failure }) => failure?.error === 'ChangeInProgress')).toBe(true);
  const isProven = async () => {
    const all = Object.values((await world.record()).deployments);
    return all.every((each) => each.state === 'proven' && each.versionId === 'v2');
  };
  expect(await until(world, isProven)).toBeLessThan(runMs);
  const all = Object.values((await world.record()).deployments);
  expect(all).toHaveLength(count);
  expect(all.filter(({ probe }) => probe?.serial !== serial)).toEqual([]);
  expect(new Set(world.events.map(({ type }) => type))).toEqual(new Set(['served']));
}, 120_000);

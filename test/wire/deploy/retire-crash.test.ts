import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, expect, test } from 'vitest';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld, place } from '#test/support/deploy-world.ts';
import { step } from '#test/support/full.ts';

let lab: DeployLab;
afterEach(() => lab.close());

/** Longer than the lease of a dead run. */
const leaseMs = 3 * minuteMs;

/** One listener with somebody else's default. */
async function oneListener() {
  lab = await deployLab();
  const foreignArn = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  const { listener } = await lab.createAlb('shop', foreignArn);
  const world = deployWorld(lab, [{ type: 'alb', listener, certificate: 'default' }]);
  await world.issue('v1');

  /** As its owner does before or after taking it out of the configuration. */
  async function takeOffListener(): Promise<void> {
    lab.faults.clear();
    const elb = new ElasticLoadBalancingV2(lab.clientOptions());
    const Certificates = [{ CertificateArn: foreignArn }];
    await elb.modifyListener({ ListenerArn: listener, Certificates });
    await lab.clock.sleep(10 * secondMs);
  }

  return { world, foreignArn, takeOffListener };
}

type Scene = Awaited<ReturnType<typeof oneListener>>;

function heldArns(): readonly string[] {
  return lab.certificates.certificates().map(({ arn }) => arn);
}

async function expectNothingLeft({ world, foreignArn }: Scene, lines = 1): Promise<void> {
  expect(heldArns()).toEqual([foreignArn]);
  expect(world.published()).toBeNull();
  const { imports, deployments, history } = await world.record();
  expect([imports, deployments]).toEqual([{}, {}]);
  const left = history.filter(({ what }) => what === `nothing of ours is left in ${place}`);
  expect(left).toHaveLength(lines);
}

/** Runs `act` for the first, second, … effect that it dies after, until it gets through. */
async function atEveryEffect(
  scenario: string,
  act: (scene: Scene, effect: number) => Promise<'died' | 'through'>,
): Promise<number> {
  for (let effect = 1; effect < 100; effect += step) {
    const outcome = await act(await oneListener(), effect).catch((cause) => {
      throw new Error(`${scenario}, died after effect ${effect}`, { cause });
    });
    if (outcome === 'through') return effect;
    await lab.close();
  }
  throw new Error(`${scenario} never gets through`);
}

test('taking out that dies anywhere ends with nothing left, and the parameter never names what is gone', async () => {
  const effects = await atEveryEffect('taking out', async (scene, effect) => {
    const { world, takeOffListener } = scene;
    await world.deploy();
    await lab.clock.sleep(10 * secondMs);
    await world.verify();
    // A second ARN beside the first, which is not deleted before the second one is proven.
    await world.issue('v2', 'ecdsa-p256');
    await world.deploy();
    await takeOffListener();
    expect(heldArns()).toHaveLength(3);
    world.retire();
    const outcome = await world.deploy(effect);
    const published = world.published();
    if (published !== null) expect(heldArns()).toContain(published);
    await lab.clock.sleep(leaseMs);
    if (outcome === 'died') await world.deploy();
    await expectNothingLeft(scene);
    return outcome === 'died' ? 'died' : 'through';
  });
  expect(effects).toBeGreaterThan(6);
});

test('a first deploy that dies anywhere before its place is retired leaves nothing behind', async () => {
  const effects = await atEveryEffect('first deploy', async (scene, effect) => {
    const { world, takeOffListener } = scene;
    const outcome = await world.deploy(effect);
    await lab.clock.sleep(leaseMs);
    await takeOffListener();
    const begun = Object.keys((await world.record()).imports);
    world.retire();
    await world.deploy();
    await expectNothingLeft(scene, begun.length);
    return outcome === 'died' ? 'died' : 'through';
  });
  expect(effects).toBeGreaterThan(6);
});

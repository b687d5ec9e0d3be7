import { SSM } from '@aws-sdk/client-ssm';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arnParameter } from '#shared/installation.ts';
import { type TargetConfig, targetSpecs } from '#shared/targets/specs.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';

const name = 'shop.example.com';

/** A target that serves somebody's certificate, and the nodes that can be made to keep what they have. */
type Served = {
  readonly target: TargetConfig;
  readonly balancer: string;
  /** What somebody's tool does after a change. */
  readonly follow?: () => Promise<void>;
};
type Making = (lab: DeployLab, foreignArn: string) => Promise<Served>;

/** Every kind of target; a kind that holds a certificate in more than one way stands here for each. */
const kinds: Readonly<Record<string, Making>> = {
  alb: listener('alb'),
  nlb: listener('nlb'),
  async clb({ createClb }, arn) {
    const port = await createClb('shop', arn);
    return { target: { type: 'clb', loadBalancer: 'shop', port }, balancer: 'shop' };
  },
  'api-gateway, regional': domain('regional'),
  'api-gateway, edge': domain('edge'),
  async cloudfront({ createDistribution }, arn) {
    const { id } = await createDistribution([name], arn);
    return { target: { type: 'cloudfront', distribution: id }, balancer: id };
  },
  acm: parameter,
};

/** Somebody's tool sets a load balancer to what the parameter says. */
async function parameter(at: DeployLab, arn: string): Promise<Served> {
  const Name = arnParameter('certkeep', 'shop');
  const { host, listener: made, port } = await at.createAlb('shop', arn);
  await new SSM(at.clientOptions()).putParameter({ Name, Type: 'String', Value: arn });
  const follow = () => at.setDefault(made, at.parameters.valueOf(Name, home) ?? arn);
  return { target: { type: 'acm', probe: `${host}:${port}` }, balancer: 'shop', follow };
}

function listener(type: 'alb' | 'nlb'): Making {
  return async ({ createListener }, arn) => {
    const { listener: made } = await createListener(type, 'shop', arn);
    return { target: { type, listener: made, certificate: 'default' }, balancer: 'shop' };
  };
}

function domain(endpoint: 'regional' | 'edge'): Making {
  return async ({ createDomainName }, arn) => {
    const types = [endpoint === 'edge' ? ('EDGE' as const) : ('REGIONAL' as const)];
    await createDomainName(name, arn, { endpointConfiguration: { types } });
    return { target: { type: 'api-gateway', domain: name, endpoint }, balancer: `domain ${name}` };
  };
}

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

async function deploymentOf(world: DeployWorld) {
  return Object.values((await world.record()).deployments)[0];
}

/** Deploy and verify, as often as it takes: CloudFront has a day to reach its edges. */
async function until(world: DeployWorld, { follow }: Served, state: string): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    await world.deploy();
    await lab.clock.sleep(10 * secondMs);
    await follow?.();
    await world.verify();
    const { nextProbeAt, state: found } = (await deploymentOf(world)) ?? {};
    if (found === state) return;
    const waitMs = nextProbeAt ? Date.parse(nextProbeAt) - lab.clock.now().getTime() : 0;
    await lab.clock.sleep(Math.max(waitMs, minuteMs));
  }
  throw new Error(`it is ${(await deploymentOf(world))?.state}, and not ${state}`);
}

/** The serial that every node presents once it takes what it is given. */
async function servedOnce(
  world: DeployWorld,
  { balancer, follow }: Served,
): Promise<readonly string[]> {
  await follow?.();
  lab.balancers.unstick(balancer);
  await lab.clock.sleep(2 * hourMs);
  const { host = '', port = 0 } = (await deploymentOf(world))?.endpoint ?? {};
  return [...new Set(await world.served(host, port))];
}

test('every kind of target is among these', () => {
  const named = Object.keys(kinds).map((kind) => kind.split(', ')[0]);
  expect(new Set(named)).toEqual(new Set(Object.keys(targetSpecs)));
});

describe.each(Object.entries(kinds))('%s', (_, make) => {
  test('gets the certificate of somebody else back, and serves it, where ours is never served', async () => {
    const foreign = await makeCertificate({ names: [name], key: 'rsa-2048' });
    const foreignArn = await lab.imported(foreign);
    const served = await make(lab, foreignArn);
    const world = deployWorld(lab, [served.target], { names: [name], name });
    await world.issue('v1');
    lab.balancers.stick(served.balancer);
    await until(world, served, 'contradicted');
    await until(world, served, 'rolled-back');
    expect(world.events.map(({ type }) => type)).toContain('rolled-back');
    expect((await deploymentOf(world))?.arn).not.toBe(foreignArn);
    expect(await servedOnce(world, served)).toEqual([foreign.serial]);
  });

  test('gets the version before back on the same ARN, and serves it, where its successor is never served', async () => {
    const foreign = await makeCertificate({ names: [name], key: 'rsa-2048' });
    const served = await make(lab, await lab.imported(foreign));
    const world = deployWorld(lab, [served.target], { names: [name], name });
    const serial = await world.issue('v1');
    await until(world, served, 'proven');
    const { arn } = (await deploymentOf(world)) ?? {};
    await world.issue('v2');
    lab.balancers.stick(served.balancer);
    await until(world, served, 'rolled-back');
    expect(await deploymentOf(world)).toMatchObject({ arn });
    expect(await servedOnce(world, served)).toEqual([serial]);
  });
});

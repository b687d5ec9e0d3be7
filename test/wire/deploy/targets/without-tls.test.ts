import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { freePort } from 'local-cloud/load-balancers/nodes.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targetMaker } from '#shared/targets/registry.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

let lab: DeployLab;
beforeEach(async () => {
  lab = await deployLab();
});
afterEach(() => lab.close());

async function httpListener(): Promise<string> {
  const client = new ElasticLoadBalancingV2(lab.clientOptions());
  const { LoadBalancers } = await client.createLoadBalancer({ Name: 'plain' });
  const { Listeners } = await client.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTP',
    Port: await freePort(),
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
  });
  return Listeners?.[0]?.ListenerArn as string;
}

test.each(['default', 'sni'] as const)(
  'a listener of plain HTTP is refused as %s by name, and the others are looked at',
  async (certificate) => {
    const arn = await lab.imported(await makeCertificate());
    const [plain, { listener }] = [await httpListener(), await lab.createAlb('shop', arn)];
    const make = targetMaker(loadedTargets, {
      home,
      clientOptionsFor: () => lab.clientOptions(),
      clock: lab.clock,
    });
    const configs = [plain, listener].map(
      (each): TargetConfig => ({ type: 'alb', listener: each, certificate }),
    );
    const views = await Promise.allSettled(configs.map((config) => make(config).look()));
    expect(views).toMatchObject([
      { status: 'rejected', reason: { name: 'ListenerNotFound' } },
      { status: 'fulfilled', value: { default: arn } },
    ]);
    const { reason } = views[0] as PromiseRejectedResult;
    expect(reason.message).toMatch(/plain:\d+ is not an HTTPS listener but one of HTTP$/);
  },
);

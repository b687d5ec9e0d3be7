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

const plainOf = {
  alb: { Type: 'application', Protocol: 'HTTP' },
  nlb: { Type: 'network', Protocol: 'TCP' },
} as const;

async function plainListener(kind: keyof typeof plainOf): Promise<string> {
  const client = new ElasticLoadBalancingV2(lab.clientOptions());
  const { Protocol, Type } = plainOf[kind];
  const { LoadBalancers } = await client.createLoadBalancer({ Name: 'plain', Type });
  const { Listeners } = await client.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol,
    Port: await freePort(),
    DefaultActions: [{ Type: 'forward' }],
  });
  return Listeners?.[0]?.ListenerArn as string;
}

test.each([
  ['alb', 'default', 'not an HTTPS listener but one of HTTP'],
  ['alb', 'sni', 'not an HTTPS listener but one of HTTP'],
  ['nlb', 'default', 'not a TLS listener but one of TCP'],
  ['nlb', 'sni', 'not a TLS listener but one of TCP'],
] as const)(
  'a listener of an %s without certificates is refused as %s by name, and the others are looked at',
  async (kind, certificate, what) => {
    const arn = await lab.imported(await makeCertificate());
    const [plain, { listener }] = [
      await plainListener(kind),
      await lab.createListener(kind, 'shop', arn),
    ];
    const make = targetMaker(loadedTargets, {
      installation: 'certkeep',
      home,
      clientOptionsFor: () => lab.clientOptions(),
      clock: lab.clock,
    });
    const configs = [plain, listener].map(
      (each): TargetConfig => ({ type: kind, listener: each, certificate }),
    );
    const views = await Promise.allSettled(configs.map((config) => make(config, 'shop').look()));
    expect(views).toMatchObject([
      { status: 'rejected', reason: { name: 'ListenerNotFound' } },
      { status: 'fulfilled', value: { default: arn } },
    ]);
    const { reason } = views[0] as PromiseRejectedResult;
    expect(reason.message).toMatch(new RegExp(`plain:\\d+ is ${what}$`));
  },
);

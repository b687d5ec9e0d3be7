import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bindAt } from '#local/demo/bind-at.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Target } from '#shared/targets/target.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

let lab: DeployLab;
let arn: string;

beforeEach(async () => {
  lab = await deployLab();
  arn = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
});
afterEach(() => lab.close());

function targetsOf(configs: readonly TargetConfig[]) {
  const make = targetMaker(loadedTargets, {
    installation: 'certkeep',
    home,
    clientOptionsFor: () => lab.clientOptions(),
    clock: lab.clock,
  });
  return configs.map((config) => make(config, 'shop'));
}

function albOf(listener: string): TargetConfig {
  return { type: 'alb', listener, certificate: 'default' };
}

// ELB answers ValidationError, "… is not a valid listener ARN", to a whole DescribeListeners of which one ARN is mistyped.
test('a listener ARN that ELB takes for none keeps no other listener from being looked at', async () => {
  const one = await lab.createAlb('one', arn);
  const two = await lab.createAlb('two', arn);
  lab.faults.add({
    when: ({ operation, input }) =>
      operation === 'DescribeListeners' && JSON.stringify(input).includes(two.listener),
    fault: { do: 'refuse', code: 'ValidationError' },
    times: 100,
  });
  const targets = targetsOf([albOf(one.listener), albOf(two.listener)]);
  const views = await Promise.allSettled(targets.map((target) => target.look()));
  expect(views).toMatchObject([
    { status: 'fulfilled', value: { default: arn } },
    { status: 'rejected', reason: { name: 'ServiceRefused' } },
  ]);
});

async function expectUntouched(target: Target, byHand: string, ours: string): Promise<void> {
  const seen = await target.look();
  await bindAt(target, byHand);
  const wanted = { default: ours, listed: [], unlisted: [], mayMakeRoom: false };
  await expect(target.arrange(wanted, seen)).rejects.toMatchObject({ name: 'ListenerRefused' });
  expect((await target.look()).default).toBe(byHand);
}

test('a default that somebody has changed since the look is not overwritten', async () => {
  const { listener } = await lab.createAlb('one', arn);
  const [target] = targetsOf([albOf(listener)]);
  const byHand = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  const ours = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  await expectUntouched(target as Target, byHand, ours);
});

test('a certificate of a Classic Load Balancer that somebody has changed since the look is not overwritten', async () => {
  const port = await lab.createClb('three', arn);
  const [target] = targetsOf([{ type: 'clb', loadBalancer: 'three', port }]);
  const byHand = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  const ours = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  await expectUntouched(target as Target, byHand, ours);
});

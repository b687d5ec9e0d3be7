import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { targetMaker } from '#shared/targets/registry.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

let lab: DeployLab;
let arn: string;
let listeners: readonly string[];
let ports: readonly number[];

beforeEach(async () => {
  lab = await deployLab();
  arn = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  const albs = [await lab.createAlb('one', arn), await lab.createAlb('two', arn)];
  listeners = albs.map(({ listener }) => listener);
  ports = [await lab.createClb('three', arn), await lab.createClb('four', arn)];
});
afterEach(() => lab.close());

/** Looks at all of them at once. */
function look(configs: readonly TargetConfig[]) {
  const make = targetMaker(loadedTargets, {
    installation: 'certkeep',
    home,
    clientOptionsFor: () => lab.clientOptions(),
    clock: lab.clock,
  });
  return Promise.allSettled(configs.map((config) => make(config, 'shop').look()));
}

function albOf(listener: string): TargetConfig {
  return { type: 'alb', listener, certificate: 'default' };
}

function clbOf(loadBalancer: string, port: number): TargetConfig {
  return { type: 'clb', loadBalancer, port };
}

function countOf(operation: string): number {
  return lab.faults.calls.filter((call) => call.operation === operation).length;
}

test('listeners of a place are described with one call, and their load balancers with another', async () => {
  const { listener } = await lab.createListener('nlb', 'five', arn);
  const network: TargetConfig = { type: 'nlb', listener, certificate: 'default' };
  const views = await look([...listeners.map(albOf), network]);
  expect(views).toMatchObject([
    { status: 'fulfilled', value: { default: arn, kind: 'alb' } },
    { status: 'fulfilled', value: { default: arn, kind: 'alb' } },
    { status: 'fulfilled', value: { default: arn, kind: 'nlb' } },
  ]);
  expect([countOf('DescribeListeners'), countOf('DescribeLoadBalancers')]).toEqual([1, 1]);
  expect(countOf('DescribeListenerCertificates')).toBe(3);
});

test('the certificates of a listener are asked for once where many want them at the same time', async () => {
  const [first = ''] = listeners;
  await look(Array.from({ length: 25 }, () => albOf(first)));
  expect(countOf('DescribeListenerCertificates')).toBe(1);
  await look([albOf(first)]);
  expect(countOf('DescribeListenerCertificates')).toBe(2);
});

test('one that does not exist is named, and the others do not suffer for it', async () => {
  const [first = '', second = ''] = listeners;
  const missing = second.replace(/[0-9a-f]+$/, '0'.repeat(16));
  const views = await look([albOf(first), albOf(missing), albOf(second)]);
  expect(views).toMatchObject([
    { status: 'fulfilled', value: { default: arn } },
    { status: 'rejected', reason: { name: 'ListenerNotFound' } },
    { status: 'fulfilled', value: { default: arn } },
  ]);
  expect(String((views[1] as PromiseRejectedResult).reason)).toContain(missing);
});

test('Classic Load Balancers are described with one call, whichever of them is missing', async () => {
  const [third = 0, fourth = 0] = ports;
  const configs = [clbOf('three', third), clbOf('four', fourth)];
  expect(await look(configs)).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
  expect(countOf('DescribeLoadBalancers')).toBe(1);
  expect(await look([...configs, clbOf('nobody', 443), clbOf('four', 1)])).toMatchObject([
    { status: 'fulfilled' },
    { status: 'fulfilled' },
    { status: 'rejected', reason: { name: 'ListenerNotFound' } },
    { status: 'rejected', reason: { name: 'ListenerNotFound' } },
  ]);
});

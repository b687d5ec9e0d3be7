import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bindAt } from '#local/demo/bind-at.ts';
import { identityOf } from '#shared/targets/identities.ts';
import { targetMaker } from '#shared/targets/registry.ts';
import type { Position, Target } from '#shared/targets/target.ts';
import { type DeployLab, deployLab, home } from '#test/support/deploy-lab.ts';
import { loadedTargets } from '#test/support/loaded-targets.ts';

let lab: DeployLab;
let listener: string;
let host: string;
let port: number;
let first: string;

beforeEach(async () => {
  lab = await deployLab();
  first = await lab.imported(await makeCertificate());
  ({ listener, host, port } = await lab.createListener('nlb', 'mail', first));
});
afterEach(() => lab.close());

function nlbOf(certificate: Position): Target {
  return targetMaker(loadedTargets, {
    installation: 'certkeep',
    home,
    clientOptionsFor: () => lab.clientOptions(),
    clock: lab.clock,
  })({ type: 'nlb', listener, certificate }, 'shop');
}

test('a look says that clients are served by the rules of a Network Load Balancer, at its name', async () => {
  expect(await nlbOf('default').look()).toEqual({
    name: `mail:${port}`,
    endpoint: { host, port },
    kind: 'nlb',
    default: first,
    list: [],
  });
  expect(host).toMatch(/^mail-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/);
});

test('default and list take the place of what was there, and the rest of the listener stays', async () => {
  const elb = new ElasticLoadBalancingV2(lab.clientOptions());
  await elb.modifyListener({ ListenerArn: listener, AlpnPolicy: ['HTTP2Preferred'] });
  const second = await lab.imported(await makeCertificate({ key: 'rsa-3072' }));
  const target = nlbOf('both');
  await bindAt(target, second);
  expect(await target.look()).toMatchObject({ default: second, list: [second] });
  const { Listeners } = await elb.describeListeners({ ListenerArns: [listener] });
  expect(Listeners).toMatchObject([{ Protocol: 'TLS', AlpnPolicy: ['HTTP2Preferred'] }]);
});

test('an RSA key of 4096 bits is refused, and the default stays', async () => {
  const large = await lab.imported(await makeCertificate({ key: 'rsa-4096' }));
  await expect(bindAt(nlbOf('default'), large)).rejects.toMatchObject({ name: 'ListenerRefused' });
  expect((await nlbOf('default').look()).default).toBe(first);
});

test('its quota counts the default too: a full one is a failure of its own, and loses nothing', async () => {
  const target = nlbOf('sni');
  for (const _ of ['one', 'two']) {
    await bindAt(target, await lab.imported(await makeCertificate()));
  }
  const third = await lab.imported(await makeCertificate());
  await expect(bindAt(target, third)).rejects.toMatchObject({ name: 'ListenerFull' });
  expect((await target.look()).list).toHaveLength(2);
  await bindAt(nlbOf('default'), third);
  expect((await target.look()).default).toBe(third);
});

test('the load balancer is known by the ARN that ACM names', () => {
  const { key, resourceArn } = identityOf(
    { type: 'nlb', listener, certificate: 'sni' },
    home,
    'shop',
  );
  expect(key).toBe(`nlb:sni:${listener}`);
  expect(lab.balancers.inUseBy(first, lab.clock.now())).toEqual([resourceArn]);
});

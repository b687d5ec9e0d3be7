import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCertificate } from '#cloud/kit/certificates.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

const Tags = [
  { Key: 'aws-controller', Value: 'shop' },
  { Key: 'team', Value: 'web' },
];
let lab: BalancerLab;
beforeEach(async () => {
  lab = await balancerLab();
});
afterEach(() => lab.close());

async function taggedAlb(name: string) {
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: name, Tags });
  return LoadBalancers?.[0]?.LoadBalancerArn as string;
}

async function taggedListener(LoadBalancerArn: string) {
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: await freePort(),
    Certificates: [{ CertificateArn: await lab.imported(await makeCertificate()) }],
    DefaultActions: [{ Type: 'forward' }],
    Tags,
  });
  return Listeners?.[0]?.ListenerArn as string;
}

async function taggedClassic(LoadBalancerName: string) {
  const LoadBalancerPort = await freePort();
  const Listeners = [{ Protocol: 'HTTP', LoadBalancerPort, InstancePort: 80 }];
  await lab.elb.createLoadBalancer({ LoadBalancerName, Listeners, Tags });
  return LoadBalancerName;
}

test('a load balancer and a listener show the tags they were created with, in the order asked', async () => {
  const balancer = await taggedAlb('shop');
  const listener = await taggedListener(balancer);
  const { TagDescriptions } = await lab.elbv2.describeTags({ ResourceArns: [listener, balancer] });
  expect(TagDescriptions).toEqual([
    { ResourceArn: listener, Tags },
    { ResourceArn: balancer, Tags },
  ]);
});

test('a missing resource is not found, under its kind’s error, and hides existing ones', async () => {
  const balancer = await taggedAlb('shop');
  const listener = await taggedListener(balancer);
  const ask = (arn: string) => lab.elbv2.describeTags({ ResourceArns: [balancer, `${arn}0`] });
  await expect(ask(balancer)).rejects.toMatchObject({ name: 'LoadBalancerNotFoundException' });
  await expect(ask(listener)).rejects.toMatchObject({ name: 'ListenerNotFoundException' });
});

test('a classic load balancer shows the tags it was created with, by its name', async () => {
  const name = await taggedClassic('legacy');
  const { TagDescriptions } = await lab.elb.describeTags({ LoadBalancerNames: [name] });
  expect(TagDescriptions).toEqual([{ LoadBalancerName: name, Tags }]);
});

test('of classic load balancers twenty are described at once, and none that is not there', async () => {
  const twenty = Array.from({ length: 20 }, () => 'legacy');
  await taggedClassic('legacy');
  const ask = (LoadBalancerNames: string[]) => lab.elb.describeTags({ LoadBalancerNames });
  expect((await ask(twenty)).TagDescriptions).toHaveLength(20);
  await expect(ask([...twenty, 'legacy'])).rejects.toMatchObject({ name: 'ValidationError' });
  // The code on the wire is LoadBalancerNotFound (API_DescribeTags.html); the SDK's name of it follows.
  await expect(ask(['gone'])).rejects.toMatchObject({ name: 'AccessPointNotFoundException' });
});

test('a call without a resource is refused', async () => {
  await expect(lab.elbv2.describeTags({ ResourceArns: [] })).rejects.toMatchObject({
    name: 'ValidationError',
  });
  await expect(lab.elb.describeTags({ LoadBalancerNames: [] })).rejects.toMatchObject({
    name: 'ValidationError',
  });
});

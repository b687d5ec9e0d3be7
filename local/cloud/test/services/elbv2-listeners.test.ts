import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMs, dayMs } from '#cloud/clock.ts';
import { makeCertificate } from '#cloud/kit/certificates.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

const forward = [{ Type: 'forward' as const }];
let lab: BalancerLab;
let LoadBalancerArn: string;
beforeEach(async () => {
  lab = await balancerLab();
  const created = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  LoadBalancerArn = created.LoadBalancers?.[0]?.LoadBalancerArn as string;
});
afterEach(() => lab.close());

async function httpsListener(CertificateArn: string) {
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: await freePort(),
    Certificates: [{ CertificateArn }],
    DefaultActions: forward,
  });
  return Listeners?.[0]?.ListenerArn as string;
}

test('a balancer is found by name and by ARN and has a DNS name of its own', async () => {
  const byName = await lab.elbv2.describeLoadBalancers({ Names: ['shop-alb'] });
  const byArn = await lab.elbv2.describeLoadBalancers({ LoadBalancerArns: [LoadBalancerArn] });
  expect(byName.LoadBalancers).toEqual(byArn.LoadBalancers);
  const dnsName = byName.LoadBalancers?.[0]?.DNSName as string;
  expect(dnsName).toMatch(/^shop-alb-\d{10}\.eu-west-1\.elb\.amazonaws\.com$/);
  expect(lab.balancers.addresses(dnsName.toUpperCase())).toContain('127.0.0.1');
  expect(lab.balancers.addresses('other.eu-west-1.elb.amazonaws.com')).toBeNull();
  const missing = lab.elbv2.describeLoadBalancers({ Names: ['other'] });
  await expect(missing).rejects.toMatchObject({ name: 'LoadBalancerNotFoundException' });
});

test('creating the same balancer again returns it, another of its name is refused', async () => {
  const again = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  expect(again.LoadBalancers?.[0]?.LoadBalancerArn).toBe(LoadBalancerArn);
  const other = lab.elbv2.createLoadBalancer({ Name: 'shop-alb', Scheme: 'internal' });
  await expect(other).rejects.toMatchObject({ name: 'DuplicateLoadBalancerNameException' });
});

test('ModifyListener refuses an empty list of certificates', async () => {
  const ListenerArn = await httpsListener(await lab.imported(await makeCertificate()));
  // awsQuery sends an empty list as nothing at all but its name.
  const answer = lab.elbv2.modifyListener({ ListenerArn, Certificates: [] });
  await expect(answer).rejects.toMatchObject({ name: 'ValidationError' });
});

test('an expired certificate is not supported, and one just imported is not found yet', async () => {
  const notAfter = addMs(lab.clock.now(), dayMs);
  const expired = await lab.imported(await makeCertificate({ notAfter }));
  lab.clock.advance(2 * dayMs);
  await expect(httpsListener(expired)).rejects.toMatchObject({ name: 'UnsupportedCertificate' });

  await lab.close();
  lab = await balancerLab({ elbv2: { certificateLagMs: 1_000 } });
  const created = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  LoadBalancerArn = created.LoadBalancers?.[0]?.LoadBalancerArn as string;
  const fresh = await lab.imported(await makeCertificate());
  await expect(httpsListener(fresh)).rejects.toMatchObject({
    name: 'CertificateNotFoundException',
  });
  lab.clock.advance(1_000);
  await expect(httpsListener(fresh)).resolves.toBeDefined();
});

test('the same listener again is a success, another on its port is not', async () => {
  const arn = await lab.imported(await makeCertificate());
  const wish = {
    LoadBalancerArn,
    Protocol: 'HTTPS' as const,
    Port: await freePort(),
    Certificates: [{ CertificateArn: arn }],
    DefaultActions: forward,
  };
  const { Listeners } = await lab.elbv2.createListener(wish);
  const again = await lab.elbv2.createListener(wish);
  expect(again.Listeners?.[0]?.ListenerArn).toBe(Listeners?.[0]?.ListenerArn);
  const { Certificates: _, ...http } = { ...wish, Protocol: 'HTTP' as const };
  const other = lab.elbv2.createListener(http);
  await expect(other).rejects.toMatchObject({ name: 'DuplicateListenerException' });
});

test('a certificate in use names its users, and can be deleted once another took its place', async () => {
  const CertificateArn = await lab.imported(await makeCertificate());
  const ListenerArn = await httpsListener(CertificateArn);
  const { Certificate } = await lab.acm.describeCertificate({ CertificateArn });
  expect(Certificate?.InUseBy).toEqual([LoadBalancerArn]);
  const early = lab.acm.deleteCertificate({ CertificateArn });
  await expect(early).rejects.toMatchObject({ name: 'ResourceInUseException' });
  const Certificates = [{ CertificateArn: await lab.imported(await makeCertificate()) }];
  await lab.elbv2.modifyListener({ ListenerArn, Certificates });
  await lab.acm.deleteCertificate({ CertificateArn });
});

test('a deleted listener is found no more, refuses connections, and leaves its certificate and its port free', async () => {
  const CertificateArn = await lab.imported(await makeCertificate());
  const ListenerArn = await httpsListener(CertificateArn);
  const { Listeners } = await lab.elbv2.describeListeners({ ListenerArns: [ListenerArn] });
  await lab.elbv2.deleteListener({ ListenerArn });
  const missing = { name: 'ListenerNotFoundException' };
  const ListenerArns = [ListenerArn];
  await expect(lab.elbv2.describeListeners({ ListenerArns })).rejects.toMatchObject(missing);
  await expect(lab.elbv2.deleteListener({ ListenerArn })).rejects.toMatchObject(missing);
  const [{ Port = 0 } = {}] = Listeners ?? [];
  const socket = connect(Port, lab.balancers.nodes('shop-alb')[0] ?? '');
  const [refused] = await once(socket, 'error');
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  await lab.acm.deleteCertificate({ CertificateArn });
  const other = await lab.imported(await makeCertificate());
  const again = await lab.elbv2.createListener({
    ...{ LoadBalancerArn, Protocol: 'HTTPS', Port },
    Certificates: [{ CertificateArn: other }],
    DefaultActions: forward,
  });
  expect(again.Listeners?.[0]?.ListenerArn).not.toBe(ListenerArn);
});

test('balancers and listeners carry tags', async () => {
  const ListenerArn = await httpsListener(await lab.imported(await makeCertificate()));
  const ResourceArns = [LoadBalancerArn, ListenerArn];
  const Tags = [{ Key: 'team', Value: 'shop' }];
  await lab.elbv2.addTags({ ResourceArns, Tags });
  const { TagDescriptions } = await lab.elbv2.describeTags({ ResourceArns });
  expect(TagDescriptions).toEqual(ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags })));
});

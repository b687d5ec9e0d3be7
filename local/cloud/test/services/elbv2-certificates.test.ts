import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCertificate } from '#cloud/kit/certificates.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
let ListenerArn: string;
let defaultArn: string;
beforeEach(async () => {
  lab = await balancerLab({ elbv2: { maxCertificates: 2 } });
  defaultArn = await lab.imported(await makeCertificate());
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: await freePort(),
    Certificates: [{ CertificateArn: defaultArn }],
    DefaultActions: [{ Type: 'forward' }],
  });
  ListenerArn = Listeners?.[0]?.ListenerArn as string;
});
afterEach(() => lab.close());

function add(CertificateArn: string) {
  return lab.elbv2.addListenerCertificates({ ListenerArn, Certificates: [{ CertificateArn }] });
}

function remove(CertificateArn: string) {
  return lab.elbv2.removeListenerCertificates({ ListenerArn, Certificates: [{ CertificateArn }] });
}

test('the default counts for nothing in the list', async () => {
  await add(defaultArn);
  await add(await lab.imported(await makeCertificate()));
  await add(await lab.imported(await makeCertificate()));
  const third = add(await lab.imported(await makeCertificate()));
  await expect(third).rejects.toMatchObject({ name: 'TooManyCertificatesException' });
});

test('adding a certificate that is already in a full list succeeds', async () => {
  const arn = await lab.imported(await makeCertificate());
  await add(arn);
  await add(await lab.imported(await makeCertificate()));
  await expect(add(arn)).resolves.toBeDefined();
});

test('a certificate that is not in the list is not found', async () => {
  const answer = remove(await lab.imported(await makeCertificate()));
  await expect(answer).rejects.toMatchObject({ name: 'CertificateNotFoundException' });
});

test('a certificate without a domain name is not supported', async () => {
  const arn = await lab.imported(await makeCertificate({ names: [] }));
  await expect(add(arn)).rejects.toMatchObject({ name: 'UnsupportedCertificate' });
});

test('InUseBy follows a change of the list with a delay', async () => {
  await lab.close();
  lab = await balancerLab({ acm: { inUseByLagMs: 2_000 } });
  const CertificateArn = await lab.imported(await makeCertificate());
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'late-alb' });
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
  await lab.elbv2.createListener({
    LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: await freePort(),
    Certificates: [{ CertificateArn }],
    DefaultActions: [{ Type: 'forward' }],
  });
  const users = async () =>
    (await lab.acm.describeCertificate({ CertificateArn })).Certificate?.InUseBy;
  expect(await users()).toEqual([]);
  await expect(lab.acm.deleteCertificate({ CertificateArn })).rejects.toThrow(/in use/);
  lab.clock.advance(2_000);
  expect(await users()).toEqual([LoadBalancerArn]);
});

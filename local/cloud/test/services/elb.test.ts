import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCertificate } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
beforeEach(async () => {
  lab = await balancerLab();
});
afterEach(() => lab.close());

async function classic(SSLCertificateId: string, LoadBalancerName = 'legacy-clb') {
  const port = await freePort();
  await lab.elb.createLoadBalancer({
    LoadBalancerName,
    Listeners: [
      {
        Protocol: 'HTTPS',
        LoadBalancerPort: port,
        InstanceProtocol: 'HTTP',
        InstancePort: 80,
        SSLCertificateId,
      },
    ],
  });
  return port;
}

async function rsa() {
  const made = await makeCertificate({ key: 'rsa-2048' });
  return { ...made, arn: await lab.imported(made) };
}

test('a listener shows its certificate in the description', async () => {
  const { arn } = await rsa();
  const port = await classic(arn);
  const { LoadBalancerDescriptions: [found] = [] } = await lab.elb.describeLoadBalancers({
    LoadBalancerNames: ['legacy-clb'],
  });
  expect(found?.DNSName).toMatch(/^legacy-clb-\d{10}\.eu-west-1\.elb\.amazonaws\.com$/);
  expect(found?.ListenerDescriptions?.[0]?.Listener).toEqual({
    Protocol: 'HTTPS',
    LoadBalancerPort: port,
    InstanceProtocol: 'HTTP',
    InstancePort: 80,
    SSLCertificateId: arn,
  });
});

test('it serves the one certificate whatever the name, with TLS 1.2', async () => {
  const first = await rsa();
  const next = await rsa();
  const port = await classic(first.arn);
  const served = await probeTls({ port, servername: 'unknown.example.com' });
  expect(served).toMatchObject({ serial: first.serial, protocol: 'TLSv1.2' });
  await lab.elb.setLoadBalancerListenerSSLCertificate({
    LoadBalancerName: 'legacy-clb',
    LoadBalancerPort: port,
    SSLCertificateId: next.arn,
  });
  expect((await probeTls({ port })).serial).toBe(next.serial);
  const old = await lab.acm.describeCertificate({ CertificateArn: first.arn });
  expect(old.Certificate?.InUseBy).toEqual([]);
});

test('a key of 3,072 bits is refused and the old certificate stays', async () => {
  const { arn, serial } = await rsa();
  const port = await classic(arn);
  const refused = lab.elb.setLoadBalancerListenerSSLCertificate({
    LoadBalancerName: 'legacy-clb',
    LoadBalancerPort: port,
    SSLCertificateId: await lab.imported(await makeCertificate({ key: 'rsa-3072' })),
  });
  await expect(refused).rejects.toMatchObject({ name: 'InvalidConfigurationRequestException' });
  expect((await probeTls({ port })).serial).toBe(serial);
});

test('balancers come in pages', async () => {
  const { arn } = await rsa();
  for (const name of ['a', 'b', 'c']) await classic(arn, name);
  const first = await lab.elb.describeLoadBalancers({ PageSize: 2 });
  const second = await lab.elb.describeLoadBalancers({ PageSize: 2, Marker: first.NextMarker });
  const found = [first, second].flatMap((page) => page.LoadBalancerDescriptions ?? []);
  expect(found.map((each) => each.LoadBalancerName)).toEqual(['a', 'b', 'c']);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMs, dayMs } from '#cloud/clock.ts';
import { type CertificateWish, makeCertificate } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

const modern = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';
let lab: BalancerLab;
let port: number;
let ListenerArn: string;
let defaultSerial: string;
beforeEach(async () => {
  lab = await balancerLab();
  port = await freePort();
  const made = await makeCertificate({ names: ['default.example.com', 'shop.example.com'] });
  defaultSerial = made.serial;
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: port,
    SslPolicy: modern,
    Certificates: [{ CertificateArn: await lab.imported(made) }],
    DefaultActions: [{ Type: 'forward' }],
  });
  ListenerArn = Listeners?.[0]?.ListenerArn as string;
});
afterEach(() => lab.close());

/** Puts a certificate on the SNI list and returns its serial. */
async function listed(wish: CertificateWish = {}) {
  const made = await makeCertificate(wish);
  const Certificates = [{ CertificateArn: await lab.imported(made) }];
  await lab.elbv2.addListenerCertificates({ ListenerArn, Certificates });
  return made.serial;
}

async function servedTo(servername: string, options = {}) {
  return (await probeTls({ port, servername, ...options })).serial;
}

test('without a name, or without a match, the default is served', async () => {
  await listed();
  expect((await probeTls({ port })).serial).toBe(defaultSerial);
  expect(await servedTo('nowhere.example.org')).toBe(defaultSerial);
});

test('a match in the list beats a default that matches as well', async () => {
  const serial = await listed();
  expect(await servedTo('shop.example.com')).toBe(serial);
  expect(await servedTo('SHOP.example.com')).toBe(serial);
});

test('a wildcard matches one label and no more', async () => {
  const serial = await listed({ names: ['*.pay.example.com'] });
  expect(await servedTo('a.pay.example.com')).toBe(serial);
  expect(await servedTo('pay.example.com')).toBe(defaultSerial);
  expect(await servedTo('a.b.pay.example.com')).toBe(defaultSerial);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'with %s, ECDSA is served before RSA, and RSA to clients that support nothing else',
  async (version) => {
    const rsa = await listed({ key: 'rsa-2048' });
    const ecdsa = await listed({ key: 'ecdsa-p384' });
    const tls = { minVersion: version, maxVersion: version };
    expect(await servedTo('shop.example.com', tls)).toBe(ecdsa);
    const old = { ...tls, sigalgs: 'rsa_pss_rsae_sha256:rsa_pkcs1_sha256' };
    expect(await servedTo('shop.example.com', old)).toBe(rsa);
  },
);

test('within a key family, expired certificates come last and longer keys first', async () => {
  const soon = await listed({ key: 'rsa-3072', notAfter: addMs(lab.clock.now(), dayMs) });
  const shorter = await listed({ key: 'rsa-2048' });
  expect(await servedTo('shop.example.com')).toBe(soon);
  lab.clock.advance(2 * dayMs);
  expect(await servedTo('shop.example.com')).toBe(shorter);
});

test('openssl sees the new leaf and the intermediate', async (context) => {
  const serial = await listed();
  const address = ['-connect', `127.0.0.1:${port}`, '-servername', 'shop.example.com'];
  const openssl = spawn('openssl', ['s_client', ...address, '-showcerts'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const started = once(openssl, 'spawn').then(
    () => true,
    () => false,
  );
  if (!(await started)) return context.skip('openssl is not installed');
  const output = Buffer.concat(await openssl.stdout.toArray()).toString();
  const pems = output.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  expect(pems).toHaveLength(2);
  const { X509Certificate } = await import('node:crypto');
  expect(new X509Certificate(pems[0] as string).serialNumber).toBe(serial);
});

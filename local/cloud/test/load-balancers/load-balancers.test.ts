import { once } from 'node:events';
import { request } from 'node:https';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#cloud/clock.ts';
import { importInput, makeCertificate, sharedCa } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { freePort, nodeAddresses } from '#cloud/load-balancers/nodes.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
let port: number;
beforeEach(async () => {
  lab = await balancerLab({ spreadMs: [1_000, 3_000] });
  port = await freePort();
});
afterEach(() => lab.close());

async function alb(CertificateArn: string, SslPolicy?: string) {
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'shop-alb' });
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: port,
    Certificates: [{ CertificateArn }],
    DefaultActions: [{ Type: 'forward' }],
    SslPolicy,
  });
  return Listeners?.[0]?.ListenerArn as string;
}

async function imported() {
  const made = await makeCertificate();
  return { ...made, arn: await lab.imported(made) };
}

function probe(host = '127.0.0.1') {
  return probeTls({ host, port, servername: 'shop.example.com' });
}

test('it serves the leaf and its chain without the root', async () => {
  const made = await makeCertificate();
  const root = Buffer.from((await sharedCa()).rootPem);
  const input = importInput(made);
  const CertificateChain = Buffer.concat([input.CertificateChain, root]);
  const { CertificateArn } = await lab.acm.importCertificate({ ...input, CertificateChain });
  await alb(CertificateArn as string);
  const served = await probe();
  expect(served.serial).toBe(made.serial);
  expect(served.chain).toEqual(['CN=shop.example.com', 'CN=Test Intermediate']);
});

test('a client that trusts the root gets the page, which names the balancer', async () => {
  // Valid on both clocks: the client here is not on the virtual one.
  const times = [Date.now(), lab.clock.now().getTime()];
  const made = await makeCertificate({
    notBefore: new Date(Math.min(...times) - hourMs),
    notAfter: new Date(Math.max(...times) + dayMs),
  });
  await alb(await lab.imported(made));
  const ca = (await sharedCa()).rootPem;
  const asked = request({ host: '127.0.0.1', port, servername: 'shop.example.com', ca });
  asked.end();
  const [response] = await once(asked, 'response');
  const body = Buffer.concat(await response.toArray()).toString();
  expect([response.statusCode, body]).toEqual([200, expect.stringContaining('shop-alb')]);
});

test('a re-import reaches each node in its own time, without a call to the balancer', async () => {
  const { arn, serial } = await imported();
  await alb(arn);
  const next = await makeCertificate();
  await lab.acm.importCertificate({ ...importInput(next), CertificateArn: arn });
  const [first = '', second = first] = await nodeAddresses();
  expect((await probe(first)).serial).toBe(serial);
  lab.clock.advance(1_000);
  expect((await probe(first)).serial).toBe(next.serial);
  if (second !== first) expect((await probe(second)).serial).toBe(serial);
  lab.clock.advance(2_000);
  expect((await probe(second)).serial).toBe(next.serial);
});

test('another default reaches each node in its own time', async () => {
  const { arn, serial } = await imported();
  const ListenerArn = await alb(arn);
  const next = await imported();
  const Certificates = [{ CertificateArn: next.arn }];
  await lab.elbv2.modifyListener({ ListenerArn, Certificates });
  expect((await probe()).serial).toBe(serial);
  lab.clock.advance(1_000);
  expect((await probe()).serial).toBe(next.serial);
});

test('a stuck balancer goes on serving the old certificate until it is let go', async () => {
  const { arn, serial } = await imported();
  await alb(arn);
  lab.clock.advance(10_000);
  lab.balancers.stick('shop-alb');
  const next = await makeCertificate();
  await lab.acm.importCertificate({ ...importInput(next), CertificateArn: arn });
  lab.clock.advance(3_600_000);
  expect((await probe()).serial).toBe(serial);
  lab.balancers.unstick('shop-alb');
  expect((await probe()).serial).toBe(next.serial);
});

test('an isolated balancer refuses connections on every node until it is reconnected', async () => {
  const { arn, serial } = await imported();
  await alb(arn);
  await lab.balancers.isolate('shop-alb');
  for (const host of await nodeAddresses()) {
    await expect(probe(host)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
  await lab.balancers.reconnect('shop-alb');
  expect((await probe()).serial).toBe(serial);
});

test('the API default policy has no TLS 1.3, a TLS13 policy does', async () => {
  const ListenerArn = await alb((await imported()).arn);
  expect((await probe()).protocol).toBe('TLSv1.2');
  const SslPolicy = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';
  await lab.elbv2.modifyListener({ ListenerArn, SslPolicy });
  expect((await probe()).protocol).toBe('TLSv1.3');
});

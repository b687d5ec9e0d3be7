import { KeyObject, webcrypto } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import * as x509 from '@peculiar/x509';
import { startDns } from 'local-cloud/dns/server.ts';
import { type MadeCertificate, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tlsProbe } from '#shared/deploy/probe/probe.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import { secondMs } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';

let lab: DeployLab;
let made: MadeCertificate;
let host: string;
let port: number;

beforeEach(async () => {
  lab = await deployLab();
  made = await makeCertificate({ names: ['shop.example.com', '*.example.com'] });
  ({ host, port } = await lab.createAlb('shop', await lab.imported(made)));
  await lab.clock.sleep(10 * secondMs);
});
afterEach(() => lab.close());

/** As a client that can use all keys. */
const usual = { servername: 'shop.example.com', family: null };

test('every address answers with serial, names and end', async () => {
  const answers = await lab.probe({ host, port, ...usual });
  expect(answers.map(({ address }) => address)).toEqual(lab.balancers.addresses(host));
  for (const answer of answers) {
    expect(answer).toMatchObject({
      outcome: 'answered',
      serial: made.serial,
      names: ['shop.example.com', '*.example.com'],
      notAfter: made.notAfter,
    });
  }
});

test('a refused connection is silence with its reason', async () => {
  await lab.balancers.isolate('shop');
  const [answer] = await lab.probe({ host, port, ...usual });
  expect(answer).toMatchObject({
    outcome: 'silent',
    detail: expect.stringContaining('ECONNREFUSED'),
  });
});

test('a name without addresses is silence', async () => {
  expect(await lab.probe({ host: 'nobody.example', port, ...usual })).toMatchObject([
    { outcome: 'silent', detail: 'nobody.example has no address' },
  ]);
});

test('an endpoint that never answers is silence after the timeout', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const probe = tlsProbe({ resolve: async () => [], timeoutMs: 50 });
  const at = (mute.address() as AddressInfo).port;
  expect(await probe({ host: '127.0.0.1', port: at, ...usual })).toMatchObject([
    { outcome: 'silent', detail: expect.stringContaining('50 ms') },
  ]);
  mute.close();
});

test('the end of the run is thrown and proves nothing', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const probe = tlsProbe({ resolve: async () => [], timeoutMs: 5_000 });
  const at = (mute.address() as AddressInfo).port;
  const signal = AbortSignal.timeout(50);
  const asked = withinDeadline(signal, () => probe({ host: '127.0.0.1', port: at, ...usual }));
  await expect(asked).rejects.toThrow('timeout');
  mute.close();
});

test('addresses come from the DNS server that is configured', async () => {
  const dns = await startDns({
    lookup: (name, type) =>
      name === 'shop.example' && type === 'A'
        ? [{ type: 'A', name, ttl: 1, data: '127.0.0.1' }]
        : 'nxdomain',
  });
  const resolve = dnsResolver({ servers: [dns.address] });
  expect(await resolve('shop.example')).toEqual(['127.0.0.1']);
  expect(await resolve('nobody.example')).toEqual([]);
  await dns.close();
});

test('a DNS server that does not answer is silence with its reason', async () => {
  const resolve = dnsResolver({ servers: ['127.0.0.1:1'], timeoutMs: 100 });
  const probe = tlsProbe({ resolve, timeoutMs: 500 });
  expect(await probe({ host: 'shop.example', port, ...usual })).toMatchObject([
    { outcome: 'silent', detail: expect.stringContaining('cannot be resolved') },
  ]);
});

test('a certificate that signed itself is known as such', async () => {
  const [other] = await lab.probe({ host, port, ...usual });
  expect(other).not.toHaveProperty('selfSigned');
  const server = createTlsServer(await selfSigned());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: at } = server.address() as AddressInfo;
  const [answer] = await lab.probe({ host: '127.0.0.1', port: at, ...usual });
  expect(answer).toMatchObject({ outcome: 'answered', selfSigned: true });
  server.close();
});

async function selfSigned(): Promise<{ readonly key: string; readonly cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=shop.example.com',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'shop.example.com' }]),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: key.toString(), cert: certificate.toString('pem') };
}

import { ElasticLoadBalancing } from '@aws-sdk/client-elastic-load-balancing';
import { IAM } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cloud, startCloud, usualConsistency } from '#cloud/cloud.ts';
import {
  type CertificateWish,
  type MadeCertificate,
  makeCertificate,
} from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';

let clock: VirtualClock;
let cloud: Cloud;
let iam: IAM;
let elb: ElasticLoadBalancing;

beforeEach(async () => {
  clock = virtualClock();
  cloud = await startCloud({ clock, consistency: usualConsistency });
  const options = {
    endpoint: cloud.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  iam = new IAM(options);
  elb = new ElasticLoadBalancing(options);
});
afterEach(() => cloud.close());

async function upload(name: string, made: MadeCertificate): Promise<string> {
  const { ServerCertificateMetadata } = await iam.uploadServerCertificate({
    ServerCertificateName: name,
    CertificateBody: made.certificatePem,
    PrivateKey: made.keyPem,
    CertificateChain: made.chainPem,
  });
  return ServerCertificateMetadata?.Arn as string;
}

async function known(name: string, wish: CertificateWish = {}) {
  const made = await makeCertificate({ now: clock.now(), ...wish });
  const arn = await upload(name, made);
  await clock.sleep(10_000);
  return { ...made, arn };
}

async function classic(SSLCertificateId: string) {
  const LoadBalancerPort = await freePort();
  const Listeners = [{ Protocol: 'HTTPS', LoadBalancerPort, InstancePort: 80, SSLCertificateId }];
  await elb.createLoadBalancer({ LoadBalancerName: 'legacy', Listeners });
  return { LoadBalancerName: 'legacy', LoadBalancerPort };
}

test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-4096'] as const)(
  'a Classic Load Balancer serves a key %s from IAM',
  async (key) => {
    const { arn, serial } = await known('shop', { key });
    const { LoadBalancerPort: port } = await classic(arn);
    expect(await probeTls({ port, servername: 'a.example.com' })).toMatchObject({ serial });
  },
);

test('a listener gets the next one, and the first can be deleted after a while', async () => {
  const first = await known('first');
  const next = await known('next');
  const at = await classic(first.arn);
  await clock.sleep(10_000);
  await elb.setLoadBalancerListenerSSLCertificate({ ...at, SSLCertificateId: next.arn });
  const ServerCertificateName = 'first';
  const conflict = { name: 'DeleteConflictException' };
  await expect(iam.deleteServerCertificate({ ServerCertificateName })).rejects.toMatchObject(
    conflict,
  );
  await clock.sleep(30_000);
  const served = await probeTls({ port: at.LoadBalancerPort, servername: 'a.example.com' });
  expect(served.serial).toBe(next.serial);
  await iam.deleteServerCertificate({ ServerCertificateName });
  expect(cloud.serverCertificates.certificates().map(({ name }) => name)).toEqual(['next']);
});

test('an upload shows after a while, and its name is taken at once', async () => {
  const made = await makeCertificate({ now: clock.now() });
  const arn = await upload('shop', made);
  const asked = { ServerCertificateName: 'shop' };
  await expect(iam.getServerCertificate(asked)).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  await expect(upload('SHOP', made)).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
  });
  await expect(classic(arn)).rejects.toMatchObject({ name: 'CertificateNotFoundException' });
  await clock.sleep(10_000);
  const { ServerCertificate } = await iam.getServerCertificate(asked);
  expect(ServerCertificate?.ServerCertificateMetadata?.Arn).toBe(arn);
});

test('an expired one is not uploaded', async () => {
  const made = await makeCertificate({ now: new Date(clock.now().getTime() - 400 * 86_400_000) });
  await expect(upload('old', made)).rejects.toMatchObject({
    name: 'MalformedCertificateException',
  });
});

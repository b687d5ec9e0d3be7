import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { freePort } from '#cloud/load-balancers/nodes.ts';
import { acm } from '#cloud/services/acm/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
beforeEach(async () => {
  lab = await balancerLab();
});
afterEach(() => lab.close());

const onlyCommonName = () =>
  makeCertificate({ names: [], commonName: 'old.example.com', key: 'rsa-2048' });

test('a certificate with a common name alone is described by it, with an empty list of names', async () => {
  const made = await onlyCommonName();
  expect(new X509Certificate(made.certificatePem).subjectAltName).toBeUndefined();
  const CertificateArn = await lab.imported(made);
  const { Certificate } = await lab.acm.describeCertificate({ CertificateArn });
  expect(Certificate).toMatchObject({
    DomainName: 'old.example.com',
    SubjectAlternativeNames: [],
    KeyAlgorithm: 'RSA-2048',
    SignatureAlgorithm: 'SHA256WITHECDSA',
    NotBefore: made.notBefore,
    NotAfter: made.notAfter,
    InUseBy: [],
  });
  const { CertificateSummaryList } = await lab.acm.listCertificates({});
  expect(CertificateSummaryList?.map((each) => each.CertificateArn)).toEqual([CertificateArn]);
});

test('a load balancer takes a certificate with a common name alone, and serves it for that name', async () => {
  const [first, listed] = [await makeCertificate(), await onlyCommonName()];
  const { LoadBalancers } = await lab.elbv2.createLoadBalancer({ Name: 'old' });
  const port = await freePort();
  const { Listeners } = await lab.elbv2.createListener({
    LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
    Protocol: 'HTTPS',
    Port: port,
    Certificates: [{ CertificateArn: await lab.imported(first) }],
    DefaultActions: [{ Type: 'forward' }],
  });
  const ListenerArn = Listeners?.[0]?.ListenerArn;
  const Certificates = [{ CertificateArn: await lab.imported(listed) }];
  await lab.elbv2.addListenerCertificates({ ListenerArn, Certificates });
  expect((await probeTls({ port, servername: 'old.example.com' })).serial).toBe(listed.serial);
  expect((await probeTls({ port, servername: 'new.example.com' })).serial).toBe(first.serial);
});

const call = { account: '000000000000', region: 'us-east-1', accessKeyId: 'AKIA' };

/** ACM without a wire, where an Amazon-issued certificate can be put. */
async function withIssued() {
  const made = importInput(await makeCertificate({ key: 'rsa-2048' }));
  const service = acm({ clock: virtualClock(), inUseBy: () => [], listLagMs: 0 });
  const CertificateArn = service.issued(call, made);
  const ask = async (operation: string, input: object) =>
    await service.operations[operation]?.({ CertificateArn, ...input }, call as never);
  return { CertificateArn, made, ask };
}

test('an Amazon-issued certificate says so, and that ACM renews it', async () => {
  const { ask } = await withIssued();
  expect(await ask('DescribeCertificate', {})).toMatchObject({
    Certificate: {
      Type: 'AMAZON_ISSUED',
      Status: 'ISSUED',
      RenewalEligibility: 'ELIGIBLE',
      CertificateKeyPairOrigin: 'AWS_MANAGED',
      IssuedAt: virtualClock().now(),
    },
  });
});

test('a list is filtered by whose the key pairs are', async () => {
  const { ask } = await withIssued();
  const listed = (origin: string) =>
    ask('ListCertificates', { CertificateArn: undefined, CertificateKeyPairOrigins: [origin] });
  expect(await listed('AWS_MANAGED')).toMatchObject({ CertificateSummaryList: [{}] });
  expect(await listed('CUSTOMER_PROVIDED')).toEqual({ CertificateSummaryList: [] });
});

test('nothing is imported over an Amazon-issued certificate', async () => {
  const { ask, made } = await withIssued();
  await expect(ask('ImportCertificate', made)).rejects.toMatchObject({
    code: 'ValidationException',
  });
});

import type { CreateDomainNameCommandInput } from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCertificateAuthority } from '#cloud/ca/x509.ts';
import { minuteMs, secondMs } from '#cloud/clock.ts';
import { type CertificateWish, importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { probeTls } from '#cloud/kit/tls-probe.ts';
import { type BalancerLab, balancerLab } from '../support/balancer-lab.ts';

let lab: BalancerLab;
beforeEach(async () => {
  lab = await balancerLab();
});
afterEach(() => lab.close());

const domainName = 'api.example.com';

async function imported(wish: CertificateWish = {}) {
  const made = await makeCertificate({ key: 'rsa-2048', names: [domainName], ...wish });
  return { serial: made.serial, arn: await lab.imported(made) };
}

/** In us-east-1. */
async function importedElsewhere() {
  const made = await makeCertificate({ key: 'rsa-2048', names: [domainName] });
  const { CertificateArn = '' } = await lab.acmElsewhere.importCertificate(importInput(made));
  return CertificateArn;
}

async function regional(more: Partial<CreateDomainNameCommandInput> = {}) {
  const first = await imported();
  const created = await lab.apiGateway.createDomainName({
    domainName,
    regionalCertificateArn: first.arn,
    endpointConfiguration: { types: ['REGIONAL'] },
    ...more,
  });
  const [host = '', port] = created.regionalDomainName?.split(':') ?? [];
  lab.clock.advance(minuteMs);
  return { first, host, port: Number(port) };
}

function replace(value: string, path = '/regionalCertificateArn') {
  return lab.apiGateway.updateDomainName({
    domainName,
    patchOperations: [{ op: 'replace', path, value }],
  });
}

test('a Regional domain name serves its certificate, and the next one after a while', async () => {
  const { first, host, port } = await regional();
  expect(host).toMatch(/^d-[0-9a-f]{10}\.execute-api\.eu-west-1\.amazonaws\.com$/);
  expect(lab.balancers.addresses(host)).toContain('127.0.0.1');
  expect((await probeTls({ port, servername: domainName })).serial).toBe(first.serial);
  const next = await imported();
  expect((await replace(next.arn)).domainNameStatus).toBe('UPDATING');
  await expect(replace(first.arn)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  lab.clock.advance(minuteMs);
  expect(await lab.apiGateway.getDomainName({ domainName })).toMatchObject({
    domainNameStatus: 'AVAILABLE',
    regionalCertificateArn: next.arn,
    endpointConfiguration: { types: ['REGIONAL'] },
  });
  expect((await probeTls({ port })).serial).toBe(next.serial);
});

test('one update in 30 seconds is taken, whichever the domain name', async () => {
  const { first } = await regional();
  const next = await imported();
  await replace(next.arn);
  const gone = { domainName: 'other.example.com', patchOperations: [] };
  await expect(lab.apiGateway.updateDomainName(gone)).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    retryAfterSeconds: '30',
    $metadata: { httpStatusCode: 429 },
  });
  lab.clock.advance(30 * secondMs);
  expect((await replace(first.arn)).regionalCertificateArn).toBe(first.arn);
});

test('a domain name that is UPDATING takes no change', async () => {
  await lab.close();
  lab = await balancerLab({
    apiGateway: { updatingMs: { regional: 2 * minuteMs, edge: 40 * minuteMs } },
  });
  const { first } = await regional();
  await replace((await imported()).arn);
  lab.clock.advance(minuteMs);
  await expect(replace(first.arn)).rejects.toMatchObject({ name: 'ConflictException' });
});

test('edges learn of a certificate of us-east-1 after forty minutes', async () => {
  const certificateArn = await importedElsewhere();
  const nextArn = await importedElsewhere();
  const created = await lab.apiGateway.createDomainName({ domainName, certificateArn });
  expect(created.distributionDomainName).toMatch(/^d[0-9a-f]{10}\.cloudfront\.net:\d+$/);
  lab.clock.advance(minuteMs);
  await expect(replace(nextArn)).rejects.toMatchObject({ name: 'BadRequestException' });
  lab.clock.advance(minuteMs);
  await replace(nextArn, '/certificateArn');
  lab.clock.advance(39 * minuteMs);
  const status = async () => (await lab.apiGateway.getDomainName({ domainName })).domainNameStatus;
  expect(await status()).toBe('UPDATING');
  const uses = await lab.acmElsewhere.describeCertificate({ CertificateArn: certificateArn });
  expect(uses.Certificate?.InUseBy).toEqual([]);
  lab.clock.advance(minuteMs);
  expect(await status()).toBe('AVAILABLE');
});

describe('refused are', () => {
  test.each<[string, CertificateWish]>([
    ['a certificate that does not cover the domain name', { names: ['www.example.com'] }],
    ['a key of more than 2048 bits', { key: 'rsa-3072' }],
  ])('%s', async (_, wish) => {
    const { first, port } = await regional();
    const { arn } = await imported(wish);
    await expect(replace(arn)).rejects.toMatchObject({ name: 'BadRequestException' });
    expect((await probeTls({ port })).serial).toBe(first.serial);
  });

  test('a certificate of another region', async () => {
    await regional();
    await expect(replace(await importedElsewhere())).rejects.toThrow(
      "Certificate must be in 'eu-west-1'",
    );
  });

  test('a domain name that is not there', async () => {
    await expect(lab.apiGateway.getDomainName({ domainName })).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('every change while its ownership is to be verified', async () => {
    await regional();
    const place = { account: '000000000000', region: 'eu-west-1' };
    lab.gateway.lock(place, domainName, 'PENDING_OWNERSHIP_VERIFICATION');
    await expect(replace((await imported()).arn)).rejects.toMatchObject({
      name: 'ConflictException',
    });
  });
});

describe('with mutual TLS', () => {
  const mutual = {
    mutualTlsAuthentication: { truststoreUri: 's3://trusted/clients.pem' },
    ownershipVerificationCertificateArn: 'arn:aws:acm:eu-west-1:000000000000:certificate/owner',
  };

  test('a client without a certificate is refused, and one with a certificate is served', async () => {
    const { first, port } = await regional(mutual);
    const client = await makeCertificate({ key: 'rsa-2048' });
    const shown = await probeTls({ port, key: client.keyPem, cert: client.certificatePem });
    expect(shown.serial).toBe(first.serial);
    await expect(probeTls({ port, maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });

  test('an imported certificate needs another one that verifies the ownership', async () => {
    const { mutualTlsAuthentication } = mutual;
    await expect(regional({ mutualTlsAuthentication })).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  });

  test('the issuer stays', async () => {
    const { first } = await regional(mutual);
    expect((await replace((await imported()).arn)).domainNameStatus).toBe('UPDATING');
    lab.clock.advance(minuteMs);
    const ca = await createCertificateAuthority({ name: 'Other', now: lab.clock.now() });
    await expect(replace((await imported({ ca })).arn)).rejects.toThrow('from a different issuer');
    expect((await replaceLater(first.arn)).regionalCertificateArn).toBe(first.arn);
  });

  async function replaceLater(arn: string) {
    lab.clock.advance(minuteMs);
    return replace(arn);
  }
});

test('ACM names the load balancer of an account of AWS as the user of a certificate', async () => {
  const { first } = await regional();
  const { Certificate } = await lab.acm.describeCertificate({ CertificateArn: first.arn });
  expect(Certificate?.InUseBy).toEqual([
    expect.stringMatching(/^arn:aws:elasticloadbalancing:eu-west-1:(?!000000000000)\d{12}:/),
  ]);
});

test('tags are put, and shown with the domain name and by themselves', async () => {
  await regional({ tags: { team: 'web' } });
  const resourceArn = `arn:aws:apigateway:eu-west-1::/domainnames/${domainName}`;
  await lab.apiGateway.tagResource({ resourceArn, tags: { 'certkeep:previous-of:api': 'a' } });
  const tags = { team: 'web', 'certkeep:previous-of:api': 'a' };
  expect((await lab.apiGateway.getDomainName({ domainName })).tags).toEqual(tags);
  expect((await lab.apiGateway.getTags({ resourceArn })).tags).toEqual(tags);
});

test('domain names come in pages', async () => {
  const wild = await imported({ names: ['*.example.com'] });
  for (const name of ['a', 'b', 'c']) {
    await regional({ domainName: `${name}.example.com`, regionalCertificateArn: wild.arn });
  }
  const first = await lab.apiGateway.getDomainNames({ limit: 2 });
  const second = await lab.apiGateway.getDomainNames({ limit: 2, position: first.position });
  const found = [first, second].flatMap(({ items = [] }) => items);
  expect(found.map((each) => each.domainName)).toEqual([
    'a.example.com',
    'b.example.com',
    'c.example.com',
  ]);
});

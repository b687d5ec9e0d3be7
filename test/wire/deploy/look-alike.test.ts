import { ACM } from '@aws-sdk/client-acm';
import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import {
  importInput,
  type MadeCertificate,
  makeCertificate,
} from 'local-cloud/kit/certificates.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hourMs, secondMs } from '#shared/time/clock.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld, place } from '#test/support/deploy-world.ts';

let lab: DeployLab;
let world: DeployWorld;
let listener: string;
beforeEach(async () => {
  lab = await deployLab();
  const first = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  ({ listener } = await lab.createAlb('shop', first));
  world = deployWorld(lab, [{ type: 'alb', listener, certificate: 'default' }]);
  await world.issue('v1');
});
afterEach(() => lab.close());

/** A certificate of somebody's own CA and key with the serial, names and end of the desired version. */
async function lookAlike(): Promise<MadeCertificate> {
  const { versions } = await world.record();
  const { serial = '', notAfter = '' } = versions.at(-1) ?? {};
  const ca = await createCertificateAuthority({ name: 'Test', now: lab.clock.now() });
  return makeCertificate({ ca, serial, notAfter: new Date(notAfter), key: 'rsa-2048' });
}

function tenant(): ACM {
  return new ACM(lab.clientOptions());
}

async function bound(): Promise<string | undefined> {
  const held = await lab.listed(listener);
  return held.find(({ IsDefault }) => IsDefault)?.CertificateArn;
}

async function holds(arn: string | undefined): Promise<string> {
  const { Certificate = '' } = await tenant().getCertificate({ CertificateArn: arn });
  return readCertificate(Certificate).fingerprintSha256;
}

function toldErrors(): readonly unknown[] {
  return world.events.map(({ details }) => details.error).filter(Boolean);
}

test('a certificate with our serial and all of our tags, planted beforehand, is not bound, and told', async () => {
  const Tags = [
    { Key: 'certkeep:managed', Value: 'certkeep' },
    { Key: 'certkeep:certificate', Value: 'shop' },
    { Key: 'certkeep:attempt', Value: 'v1' },
  ];
  const input = { ...importInput(await lookAlike()), Tags };
  const { CertificateArn: planted } = await tenant().importCertificate(input);
  await lab.clock.sleep(10 * secondMs);
  await world.deploy();
  await lab.clock.sleep(10 * secondMs);
  await world.verify();
  expect(await world.states()).toEqual(['proven']);
  expect(await bound()).not.toBe(planted);
  expect((await world.record()).imports[place]?.arn).toBe(await bound());
  expect(toldErrors()).toEqual(['LookAlikeFound']);
  expect(world.events[0]).toMatchObject({ severity: 'critical', details: { arn: planted } });
});

test.each([
  ['with our serial', lookAlike],
  ['with a serial of its own', () => makeCertificate({ key: 'rsa-2048', now: lab.clock.now() })],
])(
  'what somebody imports over our ARN, %s, is noticed by the next proof, and ours is put there again',
  async (_, made) => {
    await world.deploy();
    await lab.clock.sleep(10 * secondMs);
    await world.verify();
    expect(await world.states()).toEqual(['proven']);
    const arn = await bound();
    const ours = await holds(arn);
    await tenant().importCertificate({ CertificateArn: arn, ...importInput(await made()) });
    lab.clock.advance(8 * hourMs);
    await world.verify();
    expect(await world.states()).toEqual(['contradicted']);
    await world.deploy();
    expect([await bound(), await holds(arn)]).toEqual([arn, ours]);
    expect(toldErrors()).toEqual(['CertificateOverwritten']);
    await lab.clock.sleep(10 * secondMs);
    await world.verify();
    expect(await world.states()).toEqual(['proven']);
  },
);

test('an endpoint of somebody else that serves our serial proves nothing, and is told by that name', async () => {
  await world.deploy();
  await lab.clock.sleep(10 * secondMs);
  await world.verify();
  const planted = await lab.imported(await lookAlike());
  const other = await lab.createAlb('theirs', planted);
  await lab.clock.sleep(10 * secondMs);
  const answers = lab.probe;
  world.ask((question) => answers({ ...question, host: other.host, port: other.port }));
  lab.clock.advance(8 * hourMs);
  await world.verify();
  expect(await world.states()).toEqual(['contradicted']);
  const before = await bound();
  await world.deploy();
  expect(await bound()).toBe(before);
  expect(toldErrors()).toEqual(['LookAlikeFound']);
});

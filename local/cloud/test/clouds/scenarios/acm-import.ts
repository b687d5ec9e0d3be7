import { expect } from 'vitest';
import { addMs, hourMs } from '#cloud/clock.ts';
import { importInput } from '#cloud/kit/certificates.ts';
import { certificateFor, imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, homeRegion, otherRegion } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

async function importing(cloud: CloudUnderTest, change: object): Promise<unknown> {
  const input = importInput(await certificateFor(cloud));
  await cloud.waits.untilConsistent();
  return clientsOf(cloud).acm.importCertificate({ ...input, ...change });
}

async function described(cloud: CloudUnderTest, CertificateArn: string) {
  const { Certificate } = await clientsOf(cloud).acm.describeCertificate({ CertificateArn });
  return Certificate;
}

export const acmImport: ScenarioGroup = {
  title: 'ACM, import',
  scenarios: {
    'the ARN names the region, the account and a certificate': async (cloud) => {
      const { arn } = await imported(cloud);
      const start = `arn:aws:acm:${homeRegion}:${cloud.account}:certificate/`;
      expect(arn.startsWith(start)).toBe(true);
    },
    'an import is described as issued, imported and the key pair as ours': async (cloud) => {
      const { arn, made } = await imported(cloud, { names: ['shop.example.com', '*.example.org'] });
      expect(await described(cloud, arn)).toMatchObject({
        Type: 'IMPORTED',
        Status: 'ISSUED',
        RenewalEligibility: 'INELIGIBLE',
        SubjectAlternativeNames: ['shop.example.com', '*.example.org'],
        NotAfter: new Date(Math.floor(made.notAfter.getTime() / 1_000) * 1_000),
      });
    },
    'the serial is printed in lower-case hex with a colon between bytes': async (cloud) => {
      const { arn, made } = await imported(cloud);
      const pairs = made.serial.toLowerCase().match(/../g)?.join(':');
      expect((await described(cloud, arn))?.Serial).toBe(pairs);
    },
    'the certificate and its chain are given back, the key never': async (cloud) => {
      const { arn, made } = await imported(cloud);
      const got = await clientsOf(cloud).acm.getCertificate({ CertificateArn: arn });
      expect(got.Certificate?.trim()).toBe(made.certificatePem.trim());
      expect(got.CertificateChain?.trim()).toBe(made.chainPem.trim());
      expect(JSON.stringify(got)).not.toContain('PRIVATE KEY');
    },
    'a certificate belongs to the region that it was imported into': async (cloud) => {
      const { arn } = await imported(cloud);
      const { acm } = clientsOf(cloud, otherRegion);
      await refused(acm.describeCertificate({ CertificateArn: arn }), 'ResourceNotFoundException');
    },
    'a key of another certificate is refused': async (cloud) => {
      const other = importInput(await certificateFor(cloud));
      await refused(importing(cloud, { PrivateKey: other.PrivateKey }), 'ValidationException');
    },
    'an expired certificate is refused': async (cloud) => {
      const now = cloud.clock.now();
      const times = { notBefore: addMs(now, -48 * hourMs), notAfter: addMs(now, -hourMs) };
      const expired = importInput(await certificateFor(cloud, times));
      await refused(importing(cloud, expired), 'ValidationException');
    },
    'a certificate that is not yet valid is refused': async (cloud) => {
      const now = cloud.clock.now();
      const times = { notBefore: addMs(now, hourMs), notAfter: addMs(now, 48 * hourMs) };
      const early = importInput(await certificateFor(cloud, times));
      await refused(importing(cloud, early), 'ValidationException');
    },
    'a certificate of a CA without its chain is refused': async (cloud) => {
      await refused(importing(cloud, { CertificateChain: undefined }), 'ValidationException');
    },
    'a chain that holds the leaf is refused': async (cloud) => {
      const made = await certificateFor(cloud);
      const CertificateChain = Buffer.from(made.certificatePem + made.chainPem);
      await refused(
        importing(cloud, { ...importInput(made), CertificateChain }),
        'ValidationException',
      );
    },
    'a certificate together with its chain in one member is refused': async (cloud) => {
      const made = await certificateFor(cloud);
      const Certificate = Buffer.from(`${made.certificatePem.trim()}\n${made.chainPem}`);
      await refused(importing(cloud, { ...importInput(made), Certificate }), 'ValidationException');
    },
    'what is no PEM is refused': async (cloud) => {
      await refused(importing(cloud, { Certificate: Buffer.from('oops') }), 'ValidationException');
    },
    'a second import within a second is throttled': async (cloud) => {
      const { acm } = clientsOf(cloud);
      const input = importInput(await certificateFor(cloud));
      await cloud.waits.untilConsistent();
      const both = Promise.all([acm.importCertificate(input), acm.importCertificate(input)]);
      await refused(both, 'ThrottlingException');
    },
    'a deleted certificate is gone': async (cloud) => {
      const { acm } = clientsOf(cloud);
      const { arn: CertificateArn } = await imported(cloud);
      await acm.deleteCertificate({ CertificateArn });
      await cloud.waits.untilConsistent();
      await refused(acm.describeCertificate({ CertificateArn }), 'ResourceNotFoundException');
    },
  },
};

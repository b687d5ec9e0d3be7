import { expect } from 'vitest';
import { type CertificateWish, importInput } from '#cloud/kit/certificates.ts';
import { certificateFor, imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { refused, type Scenario, type ScenarioGroup } from '../scenario.ts';

async function reimport(cloud: CloudUnderTest, first: CertificateWish, second: CertificateWish) {
  const { arn, made } = await imported(cloud, first);
  const next = await certificateFor(cloud, second);
  const input = { ...importInput(next), CertificateArn: arn };
  return { arn, made, next, answer: clientsOf(cloud).acm.importCertificate(input) };
}

function takes(first: CertificateWish, second: CertificateWish): Scenario {
  return async (cloud) => {
    const { arn, next, answer } = await reimport(cloud, first, second);
    expect((await answer).CertificateArn).toBe(arn);
    const got = await clientsOf(cloud).acm.getCertificate({ CertificateArn: arn });
    expect(got.Certificate?.trim()).toBe(next.certificatePem.trim());
  };
}

/** And the certificate stays as it was. */
function refuses(first: CertificateWish, second: CertificateWish): Scenario {
  return async (cloud) => {
    const { arn, made, answer } = await reimport(cloud, first, second);
    await refused(answer, 'ValidationException');
    const got = await clientsOf(cloud).acm.getCertificate({ CertificateArn: arn });
    expect(got.Certificate?.trim()).toBe(made.certificatePem.trim());
  };
}

const rsa = 'rsa-2048';
const bothPurposes = { extendedKeyUsages: ['serverAuth', 'clientAuth'] } as const;
const noExtensions = { keyUsages: [], extendedKeyUsages: [] } as const;
const encipherment = { keyUsages: ['digitalSignature', 'keyEncipherment'] } as const;

export const acmReimport: ScenarioGroup = {
  title: 'ACM, re-import',
  scenarios: {
    'the ARN stays and holds the new certificate': takes({}, {}),
    'a name may be added': takes({}, { names: ['shop.example.com', 'www.example.com'] }),
    'a name may go': takes({ names: ['shop.example.com', 'www.example.com'] }, {}),
    'an extended key usage may be added': takes({}, bothPurposes),
    'a key usage may be added': takes(
      { key: rsa, keyUsages: ['digitalSignature'] },
      { key: rsa, ...encipherment },
    ),
    'KeyUsage may not go': refuses({}, { keyUsages: [] }),
    'KeyUsage may not be added where there was none': refuses({ keyUsages: [] }, {}),
    'ExtendedKeyUsage may not be added where there was none': refuses(
      { extendedKeyUsages: [] },
      {},
    ),
    'what has neither extension may have neither again': takes(noExtensions, noExtensions),
    'clientAuth may go': takes(bothPurposes, {}),
    'keyEncipherment may go from an ECDSA key': takes(encipherment, {}),
    'all names of before may not go': refuses({}, { names: ['other.example.com'] }),
    'another key type is refused': refuses({}, { key: rsa }),
    'another curve is refused': refuses({}, { key: 'ecdsa-p384' }),
    'another key size is refused': refuses({ key: rsa }, { key: 'rsa-3072' }),
    'keyEncipherment may not go from an RSA key': refuses(
      { key: rsa },
      { key: rsa, keyUsages: ['digitalSignature'] },
    ),
    'serverAuth may not go': refuses(bothPurposes, { extendedKeyUsages: ['clientAuth'] }),
    'tags are refused': async (cloud) => {
      const { arn: CertificateArn } = await imported(cloud);
      const input = importInput(await certificateFor(cloud));
      const Tags = [{ Key: 'certkeep:certificate', Value: 'shop' }];
      const answer = clientsOf(cloud).acm.importCertificate({ ...input, CertificateArn, Tags });
      await refused(answer, 'ValidationException');
    },
    'the tags of the first import stay': async (cloud) => {
      const { acm } = clientsOf(cloud);
      const { arn: CertificateArn } = await imported(cloud);
      const Tags = [{ Key: 'certkeep:certificate', Value: 'shop' }];
      await acm.addTagsToCertificate({ CertificateArn, Tags });
      const next = importInput(await certificateFor(cloud));
      await acm.importCertificate({ ...next, CertificateArn });
      expect((await acm.listTagsForCertificate({ CertificateArn })).Tags).toEqual(Tags);
    },
    'an ARN that is not there is not found': async (cloud) => {
      const { arn } = await imported(cloud);
      const CertificateArn = arn.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
      const input = importInput(await certificateFor(cloud));
      const answer = clientsOf(cloud).acm.importCertificate({ ...input, CertificateArn });
      await refused(answer, 'ResourceNotFoundException');
    },
  },
};

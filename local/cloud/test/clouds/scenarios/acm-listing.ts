import type { KeyAlgorithm, ListCertificatesCommandInput } from '@aws-sdk/client-acm';
import { expect } from 'vitest';
import { certificateWithOldKey, imported, importedArn } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import type { ScenarioGroup } from '../scenario.ts';

const all: KeyAlgorithm[] = [
  'RSA_1024',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
  'EC_secp521r1',
];

/** One of each of the seven key types, made once a cloud. */
const sets = new WeakMap<CloudUnderTest, Promise<ReadonlyMap<KeyAlgorithm, string>>>();

function oneOfEach(cloud: CloudUnderTest): Promise<ReadonlyMap<KeyAlgorithm, string>> {
  const known = sets.get(cloud) ?? importOneOfEach(cloud);
  sets.set(cloud, known);
  return known;
}

async function importOneOfEach(cloud: CloudUnderTest) {
  const arns = new Map<KeyAlgorithm, string>();
  for (const key of ['RSA_1024', 'EC_secp521r1'] as const) {
    arns.set(key, await importedArn(cloud, await certificateWithOldKey(cloud, key)));
  }
  arns.set('RSA_2048', (await imported(cloud, { key: 'rsa-2048' })).arn);
  arns.set('RSA_3072', (await imported(cloud, { key: 'rsa-3072' })).arn);
  arns.set('RSA_4096', (await imported(cloud, { key: 'rsa-4096' })).arn);
  arns.set('EC_prime256v1', (await imported(cloud, { key: 'ecdsa-p256' })).arn);
  arns.set('EC_secp384r1', (await imported(cloud, { key: 'ecdsa-p384' })).arn);
  return arns;
}

/** The key types of `oneOfEach` that a listing shows. */
async function listed(cloud: CloudUnderTest, input: ListCertificatesCommandInput) {
  const arns = await oneOfEach(cloud);
  const { CertificateSummaryList = [] } = await clientsOf(cloud).acm.listCertificates(input);
  const shown = new Set(CertificateSummaryList.map(({ CertificateArn }) => CertificateArn));
  return all.filter((key) => shown.has(arns.get(key)));
}

export const acmListing: ScenarioGroup = {
  title: 'ACM, listing',
  scenarios: {
    'all seven key types are shown when all are asked for': async (cloud) => {
      expect(await listed(cloud, { Includes: { keyTypes: all } })).toEqual(all);
    },
    'only RSA of 1024 and 2048 bits is shown when no key type is asked for': async (cloud) => {
      expect(await listed(cloud, {})).toEqual(['RSA_1024', 'RSA_2048']);
    },
    'one key type is shown alone': async (cloud) => {
      const Includes = { keyTypes: ['EC_secp384r1' as const] };
      expect(await listed(cloud, { Includes })).toEqual(['EC_secp384r1']);
    },
    'a status that none has shows none': async (cloud) => {
      const input = { CertificateStatuses: ['EXPIRED' as const], Includes: { keyTypes: all } };
      expect(await listed(cloud, input)).toEqual([]);
    },
    'a summary tells names, end and use without a description': async (cloud) => {
      const { arn, made } = await imported(cloud, { key: 'rsa-2048', names: ['a.example.com'] });
      const { acm } = clientsOf(cloud);
      const { CertificateSummaryList = [] } = await acm.listCertificates({
        Includes: { keyTypes: all },
      });
      expect(CertificateSummaryList.find((each) => each.CertificateArn === arn)).toMatchObject({
        DomainName: 'a.example.com',
        SubjectAlternativeNameSummaries: ['a.example.com'],
        Type: 'IMPORTED',
        Status: 'ISSUED',
        InUse: false,
        NotAfter: new Date(Math.floor(made.notAfter.getTime() / 1_000) * 1_000),
      });
    },
    'pages of two lead through all of them once': async (cloud) => {
      const arns = await oneOfEach(cloud);
      const { acm } = clientsOf(cloud);
      const seen: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const page = await acm.listCertificates({
          Includes: { keyTypes: all },
          MaxItems: 2,
          ...(NextToken && { NextToken }),
        });
        expect(page.CertificateSummaryList?.length).toBeLessThanOrEqual(2);
        seen.push(...(page.CertificateSummaryList ?? []).map((each) => each.CertificateArn));
        NextToken = page.NextToken;
      } while (NextToken);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining([...arns.values()]));
    },
  },
};

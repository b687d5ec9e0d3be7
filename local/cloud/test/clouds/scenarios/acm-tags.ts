import { expect } from 'vitest';
import { importInput } from '#cloud/kit/certificates.ts';
import { certificateFor, imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

const shop = { Key: 'certkeep:certificate', Value: 'shop' };
const managed = { Key: 'certkeep:managed', Value: 'true' };

async function tagged(cloud: CloudUnderTest, ...Tags: { Key: string; Value?: string }[]) {
  const { acm } = clientsOf(cloud);
  const { arn: CertificateArn } = await imported(cloud);
  await acm.addTagsToCertificate({ CertificateArn, Tags });
  return {
    acm,
    CertificateArn,
    tags: async () => (await acm.listTagsForCertificate({ CertificateArn })).Tags,
  };
}

export const acmTags: ScenarioGroup = {
  title: 'ACM, tags',
  scenarios: {
    'an import carries its tags from the start': async (cloud) => {
      const { acm } = clientsOf(cloud);
      await cloud.waits.untilConsistent();
      const input = importInput(await certificateFor(cloud));
      const Tags = [shop, managed];
      const { CertificateArn } = await acm.importCertificate({ ...input, Tags });
      const listed = await acm.listTagsForCertificate({ CertificateArn });
      expect(listed.Tags).toEqual(expect.arrayContaining(Tags));
    },
    'a tag is replaced by one with its key': async (cloud) => {
      const { acm, CertificateArn, tags } = await tagged(cloud, shop);
      const blog = { ...shop, Value: 'blog' };
      await acm.addTagsToCertificate({ CertificateArn, Tags: [blog] });
      expect(await tags()).toEqual([blog]);
    },
    'a tag named by its key alone is removed whatever its value': async (cloud) => {
      const { acm, CertificateArn, tags } = await tagged(cloud, shop, managed);
      await acm.removeTagsFromCertificate({ CertificateArn, Tags: [{ Key: shop.Key }] });
      expect(await tags()).toEqual([managed]);
    },
    'a tag named with another value stays': async (cloud) => {
      const { acm, CertificateArn, tags } = await tagged(cloud, shop);
      const Tags = [{ ...shop, Value: 'blog' }];
      await acm.removeTagsFromCertificate({ CertificateArn, Tags });
      expect(await tags()).toEqual([shop]);
    },
    'a key that begins with aws: is refused': async (cloud) => {
      const { acm, CertificateArn } = await tagged(cloud, shop);
      const Tags = [{ Key: 'aws:mine', Value: 'x' }];
      await refused(acm.addTagsToCertificate({ CertificateArn, Tags }), 'InvalidTagException');
    },
    'the fifty-first tag is refused': async (cloud) => {
      const { acm, CertificateArn } = await tagged(cloud, shop);
      const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
      await refused(acm.addTagsToCertificate({ CertificateArn, Tags }), 'TooManyTagsException');
    },
  },
};

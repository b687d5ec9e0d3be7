import type { DistributionConfig, ViewerCertificate } from '@aws-sdk/client-cloudfront';
import { expect } from 'vitest';
import type { CertificateWish } from '#cloud/kit/certificates.ts';
import { importInput, makeCertificate } from '#cloud/kit/certificates.ts';
import { certificateWithOldKey, imported, importedArn } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { byAcm, distributionConfig } from '#cloud/kit/distribution.ts';
import { refused, type Scenario, type ScenarioGroup } from '../scenario.ts';

/** A distribution with one alias and its certificate, deployed, and the way to give it another one. */
async function distribution(cloud: CloudUnderTest, given: Partial<DistributionConfig> = {}) {
  const { cloudfront } = clientsOf(cloud);
  const alias = `${uniqueName('edge')}.example.com`;
  const { arn } = await imported(cloud, { names: [alias] });
  const config = distributionConfig([alias], { ViewerCertificate: byAcm(arn), ...given });
  const { Distribution } = await cloudfront.createDistribution({ DistributionConfig: config });
  const Id = Distribution?.Id as string;
  await deployed(cloud);
  const read = () => cloudfront.getDistributionConfig({ Id });
  async function bind(next: string, viewer: ViewerCertificate = {}) {
    const { DistributionConfig: held, ETag: IfMatch } = await read();
    const ViewerCertificate = { ...byAcm(next), ...viewer };
    const DistributionConfig = { ...(held as DistributionConfig), ViewerCertificate };
    return cloudfront.updateDistribution({ Id, IfMatch, DistributionConfig });
  }
  const bound = async () => (await read()).DistributionConfig?.ViewerCertificate?.ACMCertificateArn;
  return { cloudfront, Id, alias, arn, ARN: Distribution?.ARN as string, read, bind, bound };
}

/** moto deploys nothing by its clock, and one look is enough there. */
async function deployed(cloud: CloudUnderTest): Promise<void> {
  for (let look = 0; look < 5; look += 1) await cloud.waits.untilConsistent();
}

function acceptsKey(key: NonNullable<CertificateWish['key']>): Scenario {
  return async (cloud) => {
    const { alias, bind, bound } = await distribution(cloud);
    const next = await imported(cloud, { names: [alias], key });
    await bind(next.arn);
    expect(await bound()).toBe(next.arn);
  };
}

export const cloudfrontDistributions: ScenarioGroup = {
  title: 'CloudFront',
  scenarios: {
    'the certificate of a distribution is shown by its ARN': async (cloud) => {
      const { arn, bound } = await distribution(cloud);
      expect(await bound()).toBe(arn);
    },
    'a change with the ETag that was read replaces the certificate': async (cloud) => {
      const { alias, bind, bound } = await distribution(cloud);
      const next = await imported(cloud, { names: [alias] });
      await bind(next.arn);
      expect(await bound()).toBe(next.arn);
    },
    'a change gives the configuration another ETag': async (cloud) => {
      const { alias, bind, read } = await distribution(cloud);
      const { ETag } = await read();
      await bind((await imported(cloud, { names: [alias] })).arn);
      expect((await read()).ETag).not.toBe(ETag);
    },
    'a change with an ETag from before another change is refused': async (cloud) => {
      const { cloudfront, Id, read } = await distribution(cloud);
      const { DistributionConfig: held, ETag: IfMatch } = await read();
      const withComment = (Comment: string) =>
        cloudfront.updateDistribution({
          Id,
          IfMatch,
          DistributionConfig: { ...(held as DistributionConfig), Comment },
        });
      await withComment('somebody else');
      await refused(withComment('late'), 'PreconditionFailed');
      expect((await read()).DistributionConfig?.Comment).toBe('somebody else');
    },
    'a change without an ETag is refused': async (cloud) => {
      const { cloudfront, Id, read } = await distribution(cloud);
      const { DistributionConfig } = await read();
      const answer = cloudfront.updateDistribution({ Id, DistributionConfig });
      await refused(answer, 'InvalidIfMatchVersion');
    },
    'a distribution that is not there is not found': async (cloud) => {
      const answer = clientsOf(cloud).cloudfront.getDistribution({ Id: 'E00000000000GO' });
      await refused(answer, 'NoSuchDistribution');
    },
    'a certificate that does not cover every alias is refused': async (cloud) => {
      const { arn, bind, bound } = await distribution(cloud);
      const next = await imported(cloud, { names: ['another.example.com'] });
      await refused(bind(next.arn), 'InvalidViewerCertificate');
      expect(await bound()).toBe(arn);
    },
    'a wildcard of the same level covers an alias': async (cloud) => {
      const { bind, bound } = await distribution(cloud);
      const next = await imported(cloud, { names: ['*.example.com'] });
      await bind(next.arn);
      expect(await bound()).toBe(next.arn);
    },
    'a certificate in another region is refused': async (cloud) => {
      const { alias, bind } = await distribution(cloud);
      const made = await makeCertificate({ now: cloud.clock.now(), names: [alias] });
      const elsewhere = clientsOf(cloud, otherRegion).acm;
      const { CertificateArn = '' } = await elsewhere.importCertificate(importInput(made));
      await refused(bind(CertificateArn), 'InvalidViewerCertificate');
    },
    'an ECDSA key on P-384 is taken': acceptsKey('ecdsa-p384'),
    'an RSA key of 4096 bits is taken': acceptsKey('rsa-4096'),
    'an ECDSA key on P-521 is refused': async (cloud) => {
      const { alias, arn, bind, bound } = await distribution(cloud);
      const next = await certificateWithOldKey(cloud, 'EC_secp521r1', [alias]);
      await refused(bind(await importedArn(cloud, next)), 'InvalidViewerCertificate');
      expect(await bound()).toBe(arn);
    },
    'a second change of the certificate waits for the first': async (cloud) => {
      const { alias, bind, bound } = await distribution(cloud);
      const [next, last] = [
        await imported(cloud, { names: [alias] }),
        await imported(cloud, { names: [alias] }),
      ];
      await bind(next.arn);
      await refused(bind(last.arn), 'IllegalUpdate', /in progress/);
      expect(await bound()).toBe(next.arn);
      await deployed(cloud);
      await bind(last.arn);
      expect(await bound()).toBe(last.arn);
    },
    'a change is in progress, and later deployed': async (cloud) => {
      const { alias, bind, cloudfront, Id } = await distribution(cloud);
      const { Distribution } = await bind((await imported(cloud, { names: [alias] })).arn);
      expect(Distribution?.Status).toBe('InProgress');
      await deployed(cloud);
      expect((await cloudfront.getDistribution({ Id })).Distribution?.Status).toBe('Deployed');
    },
    'a distribution with a continuous deployment policy keeps its certificate': async (cloud) => {
      const ContinuousDeploymentPolicyId = '7c7e4f0a-0000-4000-8000-000000000000';
      const { alias, bind } = await distribution(cloud, { ContinuousDeploymentPolicyId });
      const next = await imported(cloud, { names: [alias] });
      await refused(bind(next.arn), 'IllegalUpdate', /continuous deployment/);
    },
    'a certificate of a distribution is in use and cannot be deleted': async (cloud) => {
      const { arn: CertificateArn, ARN } = await distribution(cloud);
      const { acm } = clientsOf(cloud);
      const { Certificate } = await acm.describeCertificate({ CertificateArn });
      expect(Certificate?.InUseBy).toEqual([ARN]);
      await refused(acm.deleteCertificate({ CertificateArn }), 'ResourceInUseException');
    },
    'distributions are listed in pages': async (cloud) => {
      const made = [await distribution(cloud), await distribution(cloud)];
      const { cloudfront } = clientsOf(cloud);
      const found: (string | undefined)[] = [];
      for (let Marker: string | undefined, pages = 0; pages < 100; pages += 1) {
        const { DistributionList } = await cloudfront.listDistributions({ Marker, MaxItems: 1 });
        expect(DistributionList?.Items).toHaveLength(1);
        found.push(DistributionList?.Items?.[0]?.Id);
        Marker = DistributionList?.NextMarker;
        if (!DistributionList?.IsTruncated) break;
      }
      expect(found).toEqual(expect.arrayContaining(made.map(({ Id }) => Id)));
    },
    'tags are put and shown': async (cloud) => {
      const { cloudfront, ARN: Resource } = await distribution(cloud);
      const Items = [{ Key: 'certkeep:certificate', Value: 'shop' }];
      await cloudfront.tagResource({ Resource, Tags: { Items } });
      const { Tags } = await cloudfront.listTagsForResource({ Resource });
      expect(Tags?.Items).toEqual(Items);
    },
  },
};

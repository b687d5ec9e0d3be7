import type { ACMClient, CertificateSummary } from '@aws-sdk/client-acm';
import { inBatches } from '#shared/each.ts';
import type { Place } from '#shared/place.ts';
import type { Aws } from '../../aws/callers.ts';
import type { Found } from './found.ts';

/** ACM answers ten of these requests a second. */
const describedAtOnce = 4;

/** The certificates of a place that something uses; all of them, where they are wanted. */
export async function certificatesIn(
  place: Place,
  { optionsIn }: Pick<Aws, 'optionsIn'>,
  { unused }: { readonly unused: boolean },
): Promise<readonly Found[]> {
  const sdk = await import('@aws-sdk/client-acm');
  const { certificateSummaries } = await import('#shared/deploy/import/acm-client.ts');
  const client = new sdk.ACMClient(optionsIn(place));
  const wanted: CertificateSummary[] = [];
  for await (const summary of certificateSummaries(client)) {
    if (unused || summary.InUse !== false) wanted.push(summary);
  }
  const found = await inBatches(wanted, describedAtOnce, ({ CertificateArn }) =>
    describe(CertificateArn ?? '', place, client),
  );
  return found.filter(({ usedBy }) => unused || usedBy.length > 0);
}

async function describe(arn: string, place: Place, client: ACMClient): Promise<Found> {
  const { DescribeCertificateCommand, ListTagsForCertificateCommand } = await loadAcm();
  const asked = { CertificateArn: arn };
  const { Certificate: detail = {} } = await client.send(new DescribeCertificateCommand(asked));
  const { DomainName, SubjectAlternativeNames = [], Type } = detail;
  const isImported = Type === 'IMPORTED';
  const { Tags = [] } = isImported
    ? await client.send(new ListTagsForCertificateCommand(asked))
    : {};
  return {
    ...place,
    arn,
    names: [...new Set([...(DomainName ? [DomainName] : []), ...SubjectAlternativeNames])],
    issuer: detail.Issuer ?? '',
    key: detail.KeyAlgorithm ?? '',
    endsAt: detail.NotAfter?.toISOString() ?? null,
    isImported,
    isEligible: detail.RenewalEligibility === 'ELIGIBLE',
    renewalStatus: detail.RenewalSummary?.RenewalStatus ?? null,
    usedBy: detail.InUseBy ?? [],
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value ?? ''])),
  };
}

const loadAcm = () => import('@aws-sdk/client-acm');

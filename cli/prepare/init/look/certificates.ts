import {
  ACMClient,
  type CertificateSummary,
  DescribeCertificateCommand,
  KeyAlgorithm,
  ListTagsForCertificateCommand,
  paginateListCertificates,
} from '@aws-sdk/client-acm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { inBatches } from '#shared/each.ts';
import { managedTag } from '#shared/installation.ts';
import type { FoundCertificate } from '../facts.ts';

/** The calls that describe certificates are metered at ten a second. */
const atOnce = 4;

/** Lists every certificate of a region; what is imported and in use is described as well. */
export async function certificatesIn(
  options: ClientOptions,
  bound: ReadonlySet<string>,
): Promise<readonly FoundCertificate[]> {
  const client = new ACMClient(options);
  const summaries: CertificateSummary[] = [];
  // By default ACM hides most kinds of keys.
  const Includes = { keyTypes: Object.values(KeyAlgorithm) };
  for await (const page of paginateListCertificates({ client }, { Includes })) {
    summaries.push(...(page.CertificateSummaryList ?? []));
  }
  return inBatches(summaries, atOnce, async (summary) => {
    const listed = listedOnly(summary, options.region);
    const isInUse = summary.InUse === true || bound.has(listed.arn);
    return summary.Type === 'IMPORTED' && isInUse ? described(client, listed) : listed;
  });
}

function listedOnly(summary: CertificateSummary, region: string): FoundCertificate {
  const { CertificateArn = '', DomainName, KeyAlgorithm: key = 'RSA_2048', NotAfter } = summary;
  return {
    ...{ arn: CertificateArn, region },
    origin: summary.Type === 'IMPORTED' ? 'imported' : 'issued by ACM',
    names: unique([DomainName, ...(summary.SubjectAlternativeNameSummaries ?? [])]),
    // ACM answers with hyphens, and takes underscores.
    keyAlgorithm: key.replace('-', '_'),
    notAfter: NotAfter ?? null,
    usedBy: [],
  };
}

async function described(client: ACMClient, listed: FoundCertificate): Promise<FoundCertificate> {
  const CertificateArn = listed.arn;
  const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
  const { Tags = [] } = await client.send(new ListTagsForCertificateCommand({ CertificateArn }));
  return {
    ...listed,
    origin: Tags.some(({ Key }) => Key === managedTag) ? 'of certkeep' : 'imported',
    names: unique([Certificate?.DomainName, ...(Certificate?.SubjectAlternativeNames ?? [])]),
    usedBy: Certificate?.InUseBy ?? [],
  };
}

function unique(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}

import { ACMClient, paginateListCertificates } from '@aws-sdk/client-acm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { proofName } from './throwaway-certificate.ts';

const named = serviceCalls({ service: 'ACM', stage: 'import' });

/** The ARNs of the certificates of a place that bear the name of throwaway ones, whoever made them. */
export function awsThrowawayArns(options: ClientOptions): () => Promise<readonly string[]> {
  const client = new ACMClient(options);
  return async () => {
    const arns: string[] = [];
    // Without it, only RSA keys of up to 2048 bits are listed (API_ListCertificates.html).
    const Includes = { keyTypes: ['EC_prime256v1' as const] };
    await named('ListCertificates', 'of the region', async () => {
      for await (const page of paginateListCertificates(
        { client, pageSize: 1_000 },
        { Includes },
      )) {
        for (const { CertificateArn: arn, DomainName } of page.CertificateSummaryList ?? []) {
          if (arn && DomainName === proofName) arns.push(arn);
        }
      }
    });
    return arns;
  };
}

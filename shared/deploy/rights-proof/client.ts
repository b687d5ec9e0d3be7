import { ACMClient } from '@aws-sdk/client-acm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { certificateSummaries } from '../import/acm-client.ts';
import { proofName } from './throwaway-certificate.ts';

/** Returns the ARNs of the certificates in a place with the name of throwaway ones, whoever made them. */
export function awsThrowawayArns(options: ClientOptions): () => Promise<readonly string[]> {
  const client = new ACMClient(options);
  return async () => {
    const arns: string[] = [];
    for await (const { CertificateArn: arn, DomainName } of certificateSummaries(client)) {
      if (arn && DomainName === proofName) arns.push(arn);
    }
    return arns;
  };
}

import { randomUUID } from 'node:crypto';
import type { DistributionConfig } from '@aws-sdk/client-cloudfront';

/** The certificate of ACM, as a person chooses it in the console. */
export function byAcm(ACMCertificateArn: string): DistributionConfig['ViewerCertificate'] {
  return {
    ACMCertificateArn,
    SSLSupportMethod: 'sni-only',
    MinimumProtocolVersion: 'TLSv1.2_2021',
  };
}

/** The configuration of a small distribution with one origin. */
export function distributionConfig(
  aliases: readonly string[] = [],
  given: Partial<DistributionConfig> = {},
): DistributionConfig {
  const TargetOriginId = 'origin';
  const OriginProtocolPolicy = 'https-only';
  return {
    CallerReference: randomUUID(),
    Comment: 'the shop',
    Enabled: true,
    Aliases: { Quantity: aliases.length, ...(aliases.length > 0 && { Items: [...aliases] }) },
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: TargetOriginId,
          DomainName: 'origin.example.com',
          CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy },
        },
      ],
    },
    DefaultCacheBehavior: {
      TargetOriginId,
      ViewerProtocolPolicy: 'redirect-to-https',
      ForwardedValues: { QueryString: false, Cookies: { Forward: 'none' } },
      MinTTL: 0,
    },
    ...given,
  };
}

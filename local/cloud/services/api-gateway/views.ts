import type { DomainName } from '@aws-sdk/client-api-gateway';
import { type ApiGatewayState, type CustomDomain, isUpdating } from './state.ts';

/** A domain name as the API shows it; its endpoint comes with the local port. */
export function shownDomain(state: ApiGatewayState, domain: CustomDomain): DomainName {
  const { arn: held } = domain.certificates.latest().default;
  const endpoint = `${domain.host}:${domain.port}`;
  const isEdge = domain.type === 'EDGE';
  return {
    domainName: domain.name,
    domainNameArn: domain.arn,
    ...(isEdge
      ? { certificateArn: held, distributionDomainName: endpoint }
      : { regionalCertificateArn: held, regionalDomainName: endpoint }),
    endpointConfiguration: { types: [domain.type], ipAddressType: 'ipv4' },
    domainNameStatus: domain.lock ?? (isUpdating(state, domain) ? 'UPDATING' : 'AVAILABLE'),
    securityPolicy: domain.securityPolicy,
    ...(domain.truststoreUri !== null && {
      mutualTlsAuthentication: { truststoreUri: domain.truststoreUri },
    }),
    ...(domain.ownershipArn !== null && {
      ownershipVerificationCertificateArn: domain.ownershipArn,
    }),
    ...(domain.tags.size > 0 && { tags: Object.fromEntries(domain.tags) }),
  };
}

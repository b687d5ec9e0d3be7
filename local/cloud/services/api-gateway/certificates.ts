import { AwsError, type Call } from '../../wire/service.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import { isExpired } from '../acm/certificate.ts';
import type { ApiGatewayState } from './state.ts';

type Wanted = {
  readonly domain: string;
  readonly type: 'REGIONAL' | 'EDGE';
  readonly hasMutualTls: boolean;
  readonly ownershipArn: string | null;
};

/**
 * The certificate behind an ARN, if the domain name may have it. CloudFront serves edge-optimized names, so that their
 * certificate is in us-east-1; a Regional one is in the region of its API (how-to-specify-certificate-for-custom-domain-name,
 * which also gives the size of the key, and is silent on ECDSA).
 * @throws AwsError BadRequestException
 */
export function certificateFor(
  state: ApiGatewayState,
  arn: string | undefined,
  { domain, hasMutualTls, ownershipArn, type }: Wanted,
  call: Call,
): AcmCertificate {
  const region = type === 'EDGE' ? 'us-east-1' : call.region;
  const certificate = arn === undefined ? null : state.find(arn);
  if (!certificate || certificate.account !== call.account || certificate.region !== region) {
    throw badRequest(`Invalid certificate ARN: ${arn}. Certificate must be in '${region}'.`);
  }
  const material = certificate.material.latest();
  if (certificate.isPending || isExpired(material, state.clock.now())) {
    throw badRequest(`The certificate ${arn} is not issued, or has expired.`);
  }
  if (!material.names.some((name) => covers(name, domain))) {
    throw badRequest(`The certificate ${arn} does not cover the domain name ${domain}.`);
  }
  if (/^RSA_(?:3072|4096)$/.test(material.keyAlgorithm)) {
    throw badRequest(`The public key of the certificate ${arn} is larger than 2048 bits.`);
  }
  // "you must also provide an ownership verification certificate" (rest-api-mutual-tls).
  if (hasMutualTls && certificate.type === 'IMPORTED' && ownershipArn === null) {
    throw badRequest('An imported certificate needs an ownershipVerificationCertificateArn.');
  }
  return certificate;
}

/** "For each subject there can only be one issuer" (rest-api-mutual-tls, "Troubleshooting"). */
export function checkIssuer(domain: string, held: AcmCertificate, next: AcmCertificate): void {
  const [before, after] = [held, next].map((each) => each.material.latest().leaf.issuer);
  if (before === after) return;
  throw badRequest(
    `The certificate subject ${domain} conflicts with an existing certificate from a different issuer.`,
  );
}

/** A wildcard domain name needs a certificate with that very name. */
function covers(name: string, domain: string): boolean {
  const [one, other] = [name.toLowerCase(), domain.toLowerCase()];
  if (one === other) return true;
  return (
    one.startsWith('*.') && !other.startsWith('*') && one.slice(1) === other.replace(/^[^.]+/, '')
  );
}

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}

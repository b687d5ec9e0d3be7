import { addMs, type Clock } from '../clock.ts';
import { AwsError, type Call } from '../wire/service.ts';
import type { AcmCertificate } from './acm/certificate.ts';

export type CertificateSource = {
  readonly clock: Clock;
  /** `acm().find`. */
  readonly find: (arn: string) => AcmCertificate | null;
  /** The time until Elastic Load Balancing knows a newly imported certificate. */
  readonly certificateLagMs?: number;
};

/** The certificate of the caller's account and region behind an ARN; throws `CertificateNotFoundException`. */
export function knownCertificate(
  { clock, find, certificateLagMs = 1_000 }: CertificateSource,
  arn: string | undefined,
  call: Call,
): AcmCertificate {
  const certificate = arn === undefined ? null : find(arn);
  if (
    certificate &&
    certificate.account === call.account &&
    certificate.region === call.region &&
    addMs(certificate.createdAt, certificateLagMs) <= clock.now()
  ) {
    return certificate;
  }
  throw new AwsError('CertificateNotFoundException', `Certificate '${arn}' not found`);
}

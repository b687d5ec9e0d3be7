import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import { addMs, type Clock } from '../../clock.ts';
import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import type { Timeline } from '../timeline.ts';

export type Distribution = {
  readonly id: string;
  readonly arn: string;
  readonly account: string;
  /** With its port where that is not 443, which needs the rights of root. */
  readonly domainName: string;
  readonly tags: Map<string, string>;
  /** Its edges serve these. */
  readonly certificates: Timeline<ListenerCertificates>;
  config: DistributionConfig;
  /** All that it has had; the last one is valid. */
  readonly etags: string[];
  modifiedAt: Date;
  /** Null until its viewer certificate is changed. */
  certificateChangedAt: Date | null;
};

export type CloudFrontState = {
  readonly clock: Clock;
  readonly balancers: LoadBalancers;
  /** `acm().find`. */
  readonly find: (arn: string) => AcmCertificate | null;
  /** The time until CloudFront knows a newly imported certificate. */
  readonly certificateLagMs: number;
  /** From a change until it is deployed. */
  deployMs: number;
  /** The delay of each edge; the last one is that of a whole deployment. */
  readonly spreadMs: number[];
  /** CloudFront's own certificate for `*.cloudfront.net`. */
  readonly own: () => Promise<AcmCertificate>;
  /** By account and id: IAM's server certificates. */
  readonly iamCertificates: Map<string, AcmCertificate>;
  readonly distributions: Map<string, Distribution>;
};

export function distributionsOf({ distributions }: CloudFrontState, { account }: Call) {
  return [...distributions.values()].filter((each) => each.account === account);
}

export function distributionAt(
  { distributions }: CloudFrontState,
  id: string | undefined,
  { account }: Call,
): Distribution {
  const found = distributions.get(id ?? '');
  if (found?.account === account) return found;
  throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', 404);
}

export function statusOf({ clock, deployMs }: CloudFrontState, { modifiedAt }: Distribution) {
  return addMs(modifiedAt, deployMs) <= clock.now() ? 'Deployed' : 'InProgress';
}

/** Says whether its last change of the viewer certificate is still on its way to some edge. */
export function certificateIsOnItsWay(
  { clock, deployMs }: CloudFrontState,
  { certificateChangedAt }: Distribution,
): boolean {
  return certificateChangedAt !== null && addMs(certificateChangedAt, deployMs) > clock.now();
}

import type { KeyAlgorithm } from '@aws-sdk/client-acm';
import type { DistributionConfig, ViewerCertificate } from '@aws-sdk/client-cloudfront';
import { addMs } from '../../clock.ts';
import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { type AcmCertificate, isExpired } from '../acm/certificate.ts';
import type { CloudFrontState } from './state.ts';

/**
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html: from ACM in
 * us-east-1, "1024-bit, 2048-bit, 3072-bit, 4096-bit" RSA, and `prime256v1` or `secp384r1`.
 */
const keys: readonly KeyAlgorithm[] = [
  'RSA_1024',
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'EC_prime256v1',
  'EC_secp384r1',
];

/** The form in which GetDistribution shows it: the deprecated members are there as well. */
export function shownViewerCertificate(given: ViewerCertificate = {}): ViewerCertificate {
  const { ACMCertificateArn, IAMCertificateId, SSLSupportMethod, MinimumProtocolVersion } = given;
  if (ACMCertificateArn || IAMCertificateId) {
    return {
      CloudFrontDefaultCertificate: false,
      ...(ACMCertificateArn ? { ACMCertificateArn } : { IAMCertificateId }),
      SSLSupportMethod,
      MinimumProtocolVersion: MinimumProtocolVersion ?? 'TLSv1',
      Certificate: ACMCertificateArn ?? IAMCertificateId,
      CertificateSource: ACMCertificateArn ? 'acm' : 'iam',
    };
  }
  // The answer names `vip` although nobody pays for it.
  return {
    CloudFrontDefaultCertificate: true,
    SSLSupportMethod: 'vip',
    MinimumProtocolVersion: 'TLSv1',
    CertificateSource: 'cloudfront',
  };
}

/** The certificate without the settings beside it. */
export function certificateIn({ ACMCertificateArn, IAMCertificateId }: ViewerCertificate = {}) {
  return ACMCertificateArn || IAMCertificateId || null;
}

/** Returns the certificates that the edges serve. Throws where CloudFront refuses the viewer certificate. */
export async function servedUnder(
  state: CloudFrontState,
  config: DistributionConfig,
  call: Call,
): Promise<ListenerCertificates> {
  const viewer = config.ViewerCertificate ?? {};
  const aliases = config.Aliases?.Items ?? [];
  const own = await state.own();
  if (certificateIn(viewer) === null) {
    if (aliases.length > 0) throw uncovered(aliases);
    return { default: own, list: [] };
  }
  checkSettings(viewer);
  const held = viewer.ACMCertificateArn
    ? acmCertificate(state, viewer.ACMCertificateArn, call)
    : iamCertificate(state, viewer.IAMCertificateId ?? '', call);
  const { names } = held.material.latest();
  const missing = aliases.filter((alias) => !names.some((name) => covers(name, alias)));
  if (missing.length > 0) throw uncovered(missing);
  return { default: held, list: [], only: { names: aliases, otherwise: own } };
}

function checkSettings({ MinimumProtocolVersion, SSLSupportMethod }: ViewerCertificate): void {
  if (!SSLSupportMethod) {
    throw new AwsError('InvalidArgument', 'The parameter SSLSupportMethod is required.');
  }
  // "If SSLSupportMethod is set to sni-only, you must use TLSv1 or higher" (API_ViewerCertificate.html).
  if (SSLSupportMethod === 'sni-only' && MinimumProtocolVersion === 'SSLv3') {
    const message = 'The minimum protocol version is not valid with sni-only.';
    throw new AwsError('InvalidMinimumProtocolVersion', message);
  }
}

function acmCertificate(
  { certificateLagMs, clock, find }: CloudFrontState,
  arn: string,
  call: Call,
): AcmCertificate {
  const held = find(arn);
  const isHere = held?.account === call.account && held.region === 'us-east-1' && !held.isPending;
  if (!held || !isHere) throw unusable();
  if (addMs(held.createdAt, certificateLagMs) > clock.now()) throw unusable();
  const material = held.material.latest();
  const isUsable = !isExpired(material, clock.now()) && keys.includes(material.keyAlgorithm);
  if (isUsable && material.chain.length > 0) return held;
  throw unusable();
}

function iamCertificate({ iamCertificates }: CloudFrontState, id: string, { account }: Call) {
  const held = iamCertificates.get(`${account}/${id}`);
  if (held) return held;
  throw unusable();
}

function unusable(): AwsError {
  return new AwsError(
    'InvalidViewerCertificate',
    "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
  );
}

function uncovered(aliases: readonly string[]): AwsError {
  return new AwsError(
    'InvalidViewerCertificate',
    `The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add: ${aliases.join(', ')}`,
  );
}

/** A wildcard covers the names of one level; an alias may be such a wildcard itself. */
function covers(name: string, alias: string): boolean {
  const [of, asked] = [name.toLowerCase(), alias.toLowerCase()];
  return of === asked || (of.startsWith('*.') && asked.replace(/^[^.]+\./, '*.') === of);
}

/** The certificate of a distribution in CloudFront's own words, since it goes back as it came. */
export type ViewerCertificate = {
  readonly CloudFrontDefaultCertificate?: boolean | undefined;
  readonly ACMCertificateArn?: string | undefined;
  readonly IAMCertificateId?: string | undefined;
  readonly SSLSupportMethod?: string | undefined;
  readonly MinimumProtocolVersion?: string | undefined;
};

/** AWS's own proposal for new distributions. Clients that send no name cost a dedicated address, 600 dollars a month. */
const usualSettings = { SSLSupportMethod: 'sni-only', MinimumProtocolVersion: 'TLSv1.2_2021' };

/** The ARN of a certificate in ACM, or the id of one in IAM; null where CloudFront serves its own. */
export function certificateIn(viewer: ViewerCertificate = {}): string | null {
  return viewer.ACMCertificateArn || viewer.IAMCertificateId || null;
}

/**
 * Returns what binds another certificate and leaves the settings beside it as they are. Where CloudFront served its own,
 * they are no choice of anybody: it then shows `vip`. The deprecated members, which repeat the certificate, are left out.
 */
export function withCertificate(
  viewer: ViewerCertificate = {},
  certificate: string,
): ViewerCertificate {
  const isInAcm = certificate.startsWith('arn:');
  const isChosen = certificateIn(viewer) !== null;
  const { SSLSupportMethod, MinimumProtocolVersion } = isChosen ? viewer : usualSettings;
  return {
    CloudFrontDefaultCertificate: false,
    ...(isInAcm ? { ACMCertificateArn: certificate } : { IAMCertificateId: certificate }),
    SSLSupportMethod: SSLSupportMethod ?? usualSettings.SSLSupportMethod,
    MinimumProtocolVersion: MinimumProtocolVersion ?? usualSettings.MinimumProtocolVersion,
  };
}

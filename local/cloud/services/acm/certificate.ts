import type { Timeline } from '../timeline.ts';
import type { CertificateMaterial } from './material.ts';

/** A certificate: one ARN, and all material that it has had. */
export type AcmCertificate = {
  readonly arn: string;
  readonly type: 'IMPORTED' | 'AMAZON_ISSUED';
  readonly region: string;
  readonly account: string;
  readonly createdAt: Date;
  /** Re-imports are appended under the same ARN. */
  readonly material: Timeline<CertificateMaterial>;
  readonly tags: Map<string, string>;
  importedAt: Date;
  /** It was requested and is not issued yet. */
  isPending?: boolean;
};

/** The owner of its key pair, by which ListCertificates filters. */
export function originOf({ type }: AcmCertificate): 'CUSTOMER_PROVIDED' | 'AWS_MANAGED' {
  return type === 'IMPORTED' ? 'CUSTOMER_PROVIDED' : 'AWS_MANAGED';
}

/** Says whether a certificate is past its notAfter, which ACM calls expired; other services refuse it. */
export function isExpired(material: CertificateMaterial, now: Date): boolean {
  return material.leaf.validToDate.getTime() < now.getTime();
}

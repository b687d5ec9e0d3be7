import type { Timeline } from '../timeline.ts';
import type { CertificateMaterial } from './material.ts';

/** A certificate: one ARN, and the material it has carried over time. */
export type AcmCertificate = {
  readonly arn: string;
  readonly type: 'IMPORTED' | 'AMAZON_ISSUED';
  readonly region: string;
  readonly account: string;
  readonly createdAt: Date;
  /** Re-imports come at the end, under the same ARN. */
  readonly material: Timeline<CertificateMaterial>;
  readonly tags: Map<string, string>;
  importedAt: Date;
  /** Asked for, and not issued yet. */
  isPending?: boolean;
};

/** Whose key pair it is, as ListCertificates filters it. */
export function originOf({ type }: AcmCertificate): 'CUSTOMER_PROVIDED' | 'AWS_MANAGED' {
  return type === 'IMPORTED' ? 'CUSTOMER_PROVIDED' : 'AWS_MANAGED';
}

/** ACM's word for a certificate past its notAfter; other services refuse to take one. */
export function isExpired(material: CertificateMaterial, now: Date): boolean {
  return material.leaf.validToDate.getTime() < now.getTime();
}

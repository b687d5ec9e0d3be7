import { managedTag } from '#shared/installation.ts';
import type { KeyAlgorithm, KeyFamily } from '#shared/key-algorithm.ts';
import type { Secret } from '#shared/secret.ts';
import type { Identity } from '../probe/identity.ts';

/** A certificate as ACM holds it in one place. */
export type HeldCertificate = {
  readonly arn: string;
  /** As in the record (`serialOf`); null while ACM has not issued it. */
  readonly serial: string | null;
  /** Asked only where the serial may be one of ours; null elsewhere, and where ACM does not have it. */
  readonly fingerprintSha256: string | null;
  readonly names: readonly string[];
  /** Null for a key that certkeep does not make. */
  readonly keyAlgorithm: KeyAlgorithm | null;
  /** What a load balancer chooses by (choice.ts); null where ACM does not say. */
  readonly keyFamily: KeyFamily | null;
  readonly keyBits: number | null;
  /** The number of the hash in its signature: 256 for SHA-256, 1 for SHA-1, 0 for MD5. */
  readonly hashBits: number | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  /** Only what was imported can be imported again. */
  readonly imported: boolean;
  /** Whether it has these extensions: a re-import cannot add one (import-certificate-prerequisites.html). */
  readonly hasKeyUsage: boolean;
  readonly hasExtendedKeyUsage: boolean;
  /** ARNs of load balancers and other resources; lags behind. */
  readonly inUseBy: readonly string[];
};

export type ImportRequest = {
  /** Null makes a new certificate. */
  readonly arn: string | null;
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly keyPem: Secret;
  /** Only for a new certificate: ACM refuses tags on a re-import. */
  readonly tags: Readonly<Record<string, string>>;
  /** A put-back, which overtakes other imports into the place. */
  readonly isUrgent?: boolean;
};

export type ImportResult =
  | { readonly outcome: 'imported'; readonly arn: string }
  /** ACM takes the certificate, but not in the place of what this ARN holds. */
  | { readonly outcome: 'new-arn-needed'; readonly detail: string };

export type WantedCertificate = Identity & {
  readonly names: readonly string[];
  readonly notAfter: Date;
  readonly installation: string;
  /** Its id. */
  readonly certificate: string;
  readonly except?: string;
};

export type FoundCertificate = {
  readonly held: HeldCertificate | null;
  /** The ARNs of other certificates with its serial, whoever put them there. */
  readonly lookAlikes: readonly string[];
};

/** ACM of one place, in our words. */
export type CertificateManager = {
  /** Null when there is no such certificate, as of an IAM server certificate. Without `ours`, nothing is told that a version could be known by. */
  describe(arn: string, ours?: readonly Identity[]): Promise<HeldCertificate | null>;
  /** Of the certificate itself; null where ACM does not have it (yet). */
  fingerprintAt(arn: string): Promise<string | null>;
  /** What an attempt of `certificate` imported as this very certificate, at another ARN than `except`. */
  find(wanted: WantedCertificate): Promise<FoundCertificate>;
  /**
   * Sent once, in the turn of the place's lane; a lost answer is thrown, since repeating a first import
   * would make a second certificate.
   * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, Service…
   */
  import(request: ImportRequest): Promise<ImportResult>;
  /** None of what is not in ACM. */
  tagsOf(arn: string): Promise<Readonly<Record<string, string>>>;
  /** @throws CertkeepError ImportRefused */
  addTags(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Where it has this value; what has no such tag, or is gone, is as wanted. */
  removeTag(arn: string, key: string, value: string): Promise<void>;
  /** What is gone already counts as deleted. */
  delete(arn: string): Promise<'deleted' | 'in-use'>;
};

export const certificateTag = 'certkeep:certificate';
export const attemptTag = 'certkeep:attempt';
/** Names the certificate that is imported over what somebody else has made, and may not be deleted. */
export const adoptedTag = 'certkeep:adopted';

/**
 * Whether the tags are those of an import of ours for the certificate, as a new one or over what was adopted for it.
 * The attempt is named by the first import only: a renewal onto the same ARN changes no tag.
 */
export function isOurImport(
  tags: Readonly<Record<string, string>>,
  { installation, certificate }: Pick<WantedCertificate, 'installation' | 'certificate'>,
): boolean {
  if (tags[managedTag] !== installation) return false;
  const isMade = tags[certificateTag] === certificate && tags[attemptTag] !== undefined;
  return isMade || tags[adoptedTag] === certificate;
}

/** Other ARNs on a listener are IAM server certificates. */
export function isAcmArn(arn: string): boolean {
  return /^arn:[a-z-]+:acm:/.test(arn);
}

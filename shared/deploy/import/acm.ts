import { managedTag } from '#shared/installation.ts';
import type { KeyAlgorithm, KeyFamily } from '#shared/key-algorithm.ts';
import type { Secret } from '#shared/secret.ts';
import type { Identity } from '../probe/identity.ts';

/** A certificate as ACM holds it in one place. */
export type HeldCertificate = {
  readonly arn: string;
  /** The serial as in the record (`serialOf`); null while ACM has not issued the certificate. */
  readonly serial: string | null;
  /** Requested only where the serial may be one of ours; null elsewhere, and where ACM does not have the certificate. */
  readonly fingerprintSha256: string | null;
  readonly names: readonly string[];
  /** Null for an algorithm that certkeep does not use. */
  readonly keyAlgorithm: KeyAlgorithm | null;
  /** A property by which a load balancer chooses (choice.ts); null where ACM does not report it. */
  readonly keyFamily: KeyFamily | null;
  readonly keyBits: number | null;
  /** The number of the hash in its signature: 256 for SHA-256, 1 for SHA-1, 0 for MD5. */
  readonly hashBits: number | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  /** Only imported certificates can be imported again. */
  readonly imported: boolean;
  /** Set where its store never replaces what a certificate holds. */
  readonly neverChanges?: true;
  /** True if it has these extensions: a re-import cannot add one (import-certificate-prerequisites.html). */
  readonly hasKeyUsage: boolean;
  readonly hasExtendedKeyUsage: boolean;
  /** ARNs of load balancers and other resources, where its store tells (`usersOf`); the list lags behind. */
  readonly inUseBy: readonly string[];
};

export type ImportRequest = {
  /** Null creates a new certificate. */
  readonly arn: string | null;
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly keyPem: Secret;
  /** Used only for a new certificate: ACM refuses tags on a re-import. */
  readonly tags: Readonly<Record<string, string>>;
  /** True for a rollback, which overtakes other imports into the place. */
  readonly isUrgent?: boolean;
};

export type ImportResult =
  | { readonly outcome: 'imported'; readonly arn: string }
  /** ACM accepts the certificate, but not in place of the one that this ARN holds. */
  | { readonly outcome: 'new-arn-needed'; readonly detail: string };

export type WantedCertificate = Identity & {
  readonly names: readonly string[];
  readonly notAfter: Date;
  readonly installation: string;
  /** The id of the certificate. */
  readonly certificate: string;
  readonly except?: string;
};

type FoundCertificate = {
  readonly held: HeldCertificate | null;
  /** The ARNs of other certificates with its serial, whoever imported them. */
  readonly lookAlikes: readonly string[];
};

/** The store of the certificates of one place, which is ACM or the server certificates of IAM, in certkeep's terms. */
export type CertificateManager = {
  /** For people: `ACM`. */
  readonly name: string;
  /** Says whether the store has certificates with such an ARN; only the record and the listener know of others. */
  holds(arn: string): boolean;
  /**
   * Null when there is no such certificate, as for one of another store. Without `ours`, the result has no fingerprint
   * to identify a version.
   */
  describe(arn: string, ours?: readonly Identity[]): Promise<HeldCertificate | null>;
  /** Reads the fingerprint of the certificate itself; null where ACM does not have it (yet). */
  fingerprintAt(arn: string): Promise<string | null>;
  /** Finds an import of this very certificate by an attempt of `certificate`, at another ARN than `except`. */
  find(wanted: WantedCertificate): Promise<FoundCertificate>;
  /**
   * Sent once, in the turn of the place's lane; a lost answer is thrown, since repeating a first import would create a
   * second certificate.
   * @throws CertkeepError ImportRefused, ImportQuotaReached, ImportLaneFull, Service…
   */
  import(request: ImportRequest): Promise<ImportResult>;
  /** Returns no tags for a certificate that is not in ACM. */
  tagsOf(arn: string): Promise<Readonly<Record<string, string>>>;
  /** @throws CertkeepError ImportRefused */
  addTags(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Removes the tag if it has this value; a certificate that lacks the tag, or is gone, needs no change. */
  removeTag(arn: string, key: string, value: string): Promise<void>;
  /** A certificate that is already gone counts as deleted. */
  delete(arn: string): Promise<'deleted' | 'in-use'>;
  /** ARNs of the load balancers and other resources that use it. */
  usersOf(held: HeldCertificate): Promise<readonly string[]>;
};

export const certificateTag = 'certkeep:certificate';
export const attemptTag = 'certkeep:attempt';
/** Names the certificate that is imported over somebody else's one, which may not be deleted. */
export const adoptedTag = 'certkeep:adopted';

/**
 * Says whether the tags mark an import of ours for the certificate, as a new one or over an adopted one. Only the first
 * import names the attempt: a renewal onto the same ARN changes no tag.
 */
export function isOurImport(
  tags: Readonly<Record<string, string>>,
  { installation, certificate }: Pick<WantedCertificate, 'installation' | 'certificate'>,
): boolean {
  if (tags[managedTag] !== installation) return false;
  const isMade = tags[certificateTag] === certificate && tags[attemptTag] !== undefined;
  return isMade || tags[adoptedTag] === certificate;
}

import { isBarred } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { UsageExtensions } from '#shared/x509/extensions.ts';
import { uncoveredNames } from '../choice/covered-names.ts';
import { isLookAlike } from '../probe/identity.ts';
import { lasts } from '../rollback/previous-state.ts';
import type { HeldCertificate } from './acm.ts';
import type { Mark } from './mark.ts';

export type ImportSituation = {
  readonly record: CertificateRecord;
  readonly desired: Version;
  /** The certificate that ACM holds at the ARN in the record; null when there is none (any more). */
  readonly held: HeldCertificate | null;
  /** Its owner according to its tags; null where there is none. */
  readonly heldMark: Mark | null;
  /** True if the mark says that it belongs to this certificate (`isOfThis`). */
  readonly isOurs: boolean;
  /** The key of the place. */
  readonly place: string;
  /** Certificates of others that the targets hold, where the configuration says `adopt: in-place`. */
  readonly foreign: readonly HeldCertificate[];
  readonly adopt: 'new-arn' | 'in-place';
  /** ARNs of the load balancers that are targets of this certificate. */
  readonly ownResources: readonly string[];
  /** The versions that the key store keeps with key, certificate and chain. */
  readonly storedVersions: readonly string[];
  /** The extensions of the desired version; null where the held certificate has both, so that nobody looked. */
  readonly desiredUsages: UsageExtensions | null;
  /** A re-import takes longer than another ARN to reach the clients of some target. */
  readonly isSlow?: boolean;
  readonly now: Date;
};

export type ImportDecision =
  | { readonly outcome: 'already-there'; readonly arn: string; readonly reason: string }
  | {
      readonly outcome: 'reimport';
      readonly arn: string;
      /** The version to put back; null where the record has none, as for an adopted certificate. */
      readonly previousVersionId: string | null;
      /** The held certificate was made by somebody else. */
      readonly isAdopted: boolean;
      /** Somebody else has imported over our certificate. */
      readonly isOverwritten: boolean;
      readonly reason: string;
    }
  | { readonly outcome: 'new-import'; readonly reason: string }
  /** The record is older than ACM: a person has to say which of them is right. */
  | { readonly outcome: 'newer-there'; readonly reason: string };

/**
 * Decides where the desired version goes. The same ARN is kept when what it holds could be put back, and when it could
 * never be, since nothing is lost then: every user of the ARN gets the new version, and no listener is changed.
 */
export function decideImport(situation: ImportSituation): ImportDecision {
  const { held, desired } = situation;
  const candidate = held ?? onlyForeign(situation);
  if (!candidate) return { outcome: 'new-import', reason: noCandidate(situation) };
  const isOurs = held === null || situation.isOurs;
  if (isOurs && candidate.fingerprintSha256 === desired.fingerprintSha256) {
    return { outcome: 'already-there', arn: candidate.arn, reason: 'it holds this version' };
  }
  if (held && situation.heldMark !== 'others' && isNewer(held, situation)) {
    const reason = `${held.arn} holds serial ${held.serial}, newer than version ${desired.id} of the record`;
    return { outcome: 'newer-there', reason };
  }
  const previous = versionHeld(situation.record, candidate);
  for (const obstacle of obstacles) {
    const reason = obstacle(candidate, previous, situation);
    if (reason) return { outcome: 'new-import', reason };
  }
  const isOverwritten = !previous && isImportedOver(candidate, situation);
  const isAdopted = !previous && !isOverwritten && !isOldOfOurs(candidate, situation);
  return {
    outcome: 'reimport',
    arn: candidate.arn,
    previousVersionId: previous?.id ?? null,
    isAdopted,
    isOverwritten,
    reason: whyOver({ isAdopted, isOverwritten }),
  };
}

function whyOver({ isAdopted, isOverwritten }: { isAdopted: boolean; isOverwritten: boolean }) {
  if (isOverwritten) return 'somebody else has imported over ours';
  return isAdopted ? 'adopted as configured' : 'the certificate there is ours';
}

/** Returns the version of ours that ACM holds there. */
function versionHeld(
  record: Pick<CertificateRecord, 'versions'>,
  held: Pick<HeldCertificate, 'fingerprintSha256'>,
): Version | null {
  const { fingerprintSha256 } = held;
  return record.versions.find((version) => version.fingerprintSha256 === fingerprintSha256) ?? null;
}

/**
 * A restored record does not know versions issued after it, but the key store does. The certificate at our ARN counts as
 * such a version when it began later, has not expired and covers every name of the desired one.
 */
function isNewer(held: HeldCertificate, situation: ImportSituation): boolean {
  const { record, desired, storedVersions, now } = situation;
  // Issuers backdate certificates by different amounts, so known versions are ordered by the record.
  if (versionHeld(record, held) || !held.notBefore || !held.notAfter) return false;
  const isKnown = (id: string) => record.versions.some((version) => version.id === id);
  if (storedVersions.every(isKnown) || bearsOurSerial(held, record)) return false;
  const isLater = held.notBefore > new Date(desired.notBefore) && held.notAfter > now;
  return isLater && uncoveredNames(desired.names, held.names).length === 0;
}

/**
 * The record names the version that is there, but ACM holds something else. If the record has lost versions, it may be an
 * older one of ours.
 */
function isImportedOver(
  candidate: HeldCertificate,
  { record, place, heldMark }: ImportSituation,
): boolean {
  if (heldMark !== 'made') return false;
  if (bearsOurSerial(candidate, record)) return true;
  const entry = record.imports[place];
  return (
    entry?.arn === candidate.arn &&
    record.versions.some((version) => version.id === entry.versionId)
  );
}

function bearsOurSerial(
  held: HeldCertificate,
  { versions }: Pick<CertificateRecord, 'versions'>,
): boolean {
  return versions.some((version) => isLookAlike(held, version));
}

function onlyForeign({ adopt, foreign }: ImportSituation): HeldCertificate | null {
  return adopt === 'in-place' && foreign.length === 1 ? (foreign[0] ?? null) : null;
}

function noCandidate({ adopt, foreign }: ImportSituation): string {
  if (adopt === 'in-place' && foreign.length > 1) return 'the targets hold different certificates';
  return 'there is no certificate of ours in this place';
}

type Obstacle = (
  candidate: HeldCertificate,
  previous: Version | null,
  situation: ImportSituation,
) => string | null;

/** Reasons why an ARN cannot take the new version. The first that applies is given. */
const obstacles: readonly Obstacle[] = [
  // A certificate that Amazon issued or manages, or that IAM holds, cannot be imported over.
  notImported,
  // A certificate that could be put back except for its missing key stays where it is, and so does one of somebody else.
  ofOthers,
  notOurs,
  keyMissing,
  endsBeforeItArrives,
  // ACM refuses these on the same ARN (import-reimport.html, import-certificate-prerequisites.html).
  keyTypeChanged,
  usageAdded,
  allNamesChanged,
  // Other people's resources that use the ARN would lose a name.
  namesShared,
];

function notImported({ imported, neverChanges }: HeldCertificate): string | null {
  if (neverChanges) return 'an IAM server certificate is never imported over';
  return imported ? null : 'the certificate there was not imported';
}

function ofOthers(_: HeldCertificate, __: unknown, { heldMark }: ImportSituation) {
  return heldMark === 'others' ? 'the ARN belongs to another certificate' : null;
}

function notOurs(candidate: HeldCertificate, previous: Version | null, situation: ImportSituation) {
  if (situation.adopt === 'in-place') return null;
  if (!situation.isOurs) return 'the certificate there is not ours';
  if (previous || isImportedOver(candidate, situation)) return null;
  return isOldOfOurs(candidate, situation) ? null : 'the certificate there is not ours';
}

/** The record has lost the version, since several newer ones were issued before one could be deployed. */
function isOldOfOurs({ notAfter }: HeldCertificate, { heldMark, now }: ImportSituation): boolean {
  return heldMark === 'made' && notAfter !== null && notAfter <= now;
}

/** "within 24 hours" of its end, CloudFront wants another ARN (cnames-and-https-rotate-certificates.html). */
function endsBeforeItArrives(
  { notAfter }: HeldCertificate,
  _: unknown,
  { isSlow, now }: ImportSituation,
) {
  const isSoon = isSlow && notAfter !== null && notAfter <= addMs(now, dayMs);
  return isSoon ? 'a new ARN reaches clients before the certificate there ends' : null;
}

function keyMissing(_: HeldCertificate, previous: Version | null, situation: ImportSituation) {
  if (!previous || situation.storedVersions.includes(previous.id)) return null;
  const { now, record } = situation;
  const goesBack =
    lasts(previous, now) && !isRevoked(record, previous) && !isBarred(record, previous);
  return goesBack ? 'the key of the version there is not in the key store' : null;
}

function keyTypeChanged({ keyAlgorithm }: HeldCertificate, _: unknown, situation: ImportSituation) {
  if (keyAlgorithm === situation.desired.keyAlgorithm) return null;
  return `the key there is ${keyAlgorithm ?? 'of another kind'}, the new one ${situation.desired.keyAlgorithm}`;
}

function usageAdded(candidate: HeldCertificate, _: unknown, { desiredUsages }: ImportSituation) {
  if (!candidate.hasKeyUsage && desiredUsages?.hasKeyUsage) {
    return 'the certificate there has no key usage, the new one has';
  }
  if (!candidate.hasExtendedKeyUsage && desiredUsages?.hasExtendedKeyUsage) {
    return 'the certificate there has no extended key usage, the new one has';
  }
  return null;
}

function allNamesChanged({ names }: HeldCertificate, _: unknown, { desired }: ImportSituation) {
  const kept = names.length === 0 || names.some((name) => desired.names.includes(name));
  return kept ? null : 'none of the names there stays';
}

function namesShared(
  candidate: HeldCertificate,
  previous: Version | null,
  situation: ImportSituation,
) {
  const others = candidate.inUseBy.filter((arn) => !situation.ownResources.includes(arn));
  if (others.length === 0) return null;
  const names = candidate.names.length > 0 ? candidate.names : (previous?.names ?? []);
  if (names.length === 0) return `${others.join(', ')} would lose names that are not known`;
  const lost = uncoveredNames(names, situation.desired.names);
  if (lost.length === 0) return null;
  return `${others.join(', ')} would lose ${lost.join(', ')}`;
}

import { addMs, hourMs } from '#shared/time/clock.ts';
import { isRevoked } from '../revoked.ts';
import { isAsked } from './asked.ts';
import { type CertificateRecord, type Deployment, desiredVersion, type Version } from './record.ts';

/** Not every endpoint can be asked, and a key that has leaked cannot wait for it. */
const provenWithinMs = 6 * hourMs;

/** Returns when the version that is to be revoked is revoked at the latest, as far as every target is bound to the new one. */
export function latestRevocation({ issuedAt }: Pick<Version, 'issuedAt'>): Date {
  return addMs(new Date(issuedAt), provenWithinMs);
}

/**
 * Returns the version that its CA is to revoke now, as a person asked: once every target has proven that it serves another
 * one, or has been bound to it for six hours and cannot be asked; without targets after six hours. Null where there is none, or after a failure whose wait goes on.
 * @param targets the keys of the configured targets
 */
export function toRevoke(
  record: CertificateRecord,
  targets: readonly string[],
  now: Date,
): Version | null {
  const { revokeTried } = record;
  const version = revokingVersion(record);
  const desired = desiredVersion(record);
  if (!version || !desired || desired.id === version.id) return null;
  const waits = revokeTried?.wish === record.revoking?.at ? revokeTried?.failure : null;
  if (waits && new Date(waits.nextAttemptAt) > now) return null;
  const deployments = targets.map((key) => record.deployments[key]);
  const isLate = latestRevocation(desired) <= now;
  // Servers that fetch it themselves need time, and nobody can ask them.
  if (deployments.length === 0) return isLate ? version : null;
  return deployments.every((each) => isReplaced(each, desired, isLate)) ? version : null;
}

/** Where the change itself has failed, clients still get the one that is to be revoked. */
function isReplaced(
  deployment: Deployment | undefined,
  desired: Version,
  isLate: boolean,
): boolean {
  if (deployment?.versionId !== desired.id) return false;
  // Users of an ARN that no endpoint proves may serve the new certificate later.
  const isServed = deployment.provenAt !== null && isAsked(deployment);
  return isServed || (isLate && boundStates.includes(deployment.state));
}

const boundStates: readonly Deployment['state'][] = ['awaiting-proof', 'proven', 'unknown'];

/** Returns the version that a person wants revoked, as long as it is not. */
export function revokingVersion(record: CertificateRecord): Version | null {
  const { revoking, versions } = record;
  const version = versions.find(({ id }) => id === revoking?.versionId);
  return version && !isRevoked(record, version) ? version : null;
}

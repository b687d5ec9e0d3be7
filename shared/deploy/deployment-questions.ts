import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record/record.ts';
import type { Held, TargetView } from '#shared/targets/target.ts';
import type { PreviousIdentity } from './verify/judge.ts';

/** The deployment of the run's version; that of another version says nothing about this one. */
export function deploymentOf(
  { deployments }: Pick<CertificateRecord, 'deployments'>,
  { version }: { readonly version: Pick<Version, 'id'> },
  key: string,
): Deployment | null {
  const deployment = deployments[key];
  return deployment?.versionId === version.id ? deployment : null;
}

/** What served the version, and does not any more since somebody has changed the listener. */
export function wasChanged(deployment: Deployment | null): deployment is Deployment {
  if (deployment === null) return false;
  return (
    deployment.drift !== undefined ||
    (deployment.state === 'contradicted' && deployment.provenAt !== null)
  );
}

/** Its way back is in the record, and the change of it is not confirmed. */
export function isNoted(deployment: Deployment | null): deployment is Deployment {
  return deployment?.state === 'awaiting-proof' && deployment.nextProbeAt === null;
}

/** What is contradicted is deploy's, whatever time for verify a record gives it: else it would be tried without end. */
export function isLeftToVerify({ drift, nextProbeAt, state }: Deployment): boolean {
  return nextProbeAt !== null && !drift && state !== 'contradicted';
}

/**
 * When the certificate that the target serves while this one fails ends: as its endpoint showed it last, or else as
 * the record says it. Null where nobody knows, as before a first deployment.
 */
export function servedUntilOf(
  { versions }: Pick<CertificateRecord, 'versions'>,
  { servedUntil, previous, provenAt, nextProbeAt, versionId }: Deployment,
): string | null {
  if (servedUntil) return servedUntil;
  if (previous && provenAt === null) return previous.notAfter;
  const isThere = provenAt !== null || nextProbeAt !== null;
  return (isThere && versions.find(({ id }) => id === versionId)?.notAfter) || null;
}

/** What the change replaced: a version of ours, or what the endpoint served then. */
export function servedBefore(
  record: Pick<CertificateRecord, 'versions'>,
  { previous, ...before }: Pick<Deployment, 'previous' | 'baselineSerial' | 'baselineSha256'>,
): PreviousIdentity | null {
  const version = record.versions.find(({ id }) => id === previous?.versionId);
  if (version) return version;
  const { baselineSerial: serial, baselineSha256: fingerprintSha256 = null } = before;
  return serial === null ? null : { serial, fingerprintSha256 };
}

/** Where verify asks, without another look at the load balancer for a day. */
export function endpointOf({ name, endpoint: { host, port } }: TargetView, at: Date) {
  return { name, host, port, lookedAt: at.toISOString() };
}

/** What a listener holds that somebody has changed. */
export function driftAt(held: Held, seenAt: Date): NonNullable<Deployment['drift']> {
  const holds = `default ${held.default ?? 'none'}, list ${held.list.join(', ') || 'empty'}`;
  return { seenAt: seenAt.toISOString(), holds: holds.slice(0, 500) };
}

import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record/record.ts';
import type { Held, TargetView } from '#shared/targets/target.ts';
import { dayMs } from '#shared/time/clock.ts';
import type { PreviousIdentity } from './verify/look/judge.ts';

/** Returns the deployment of the run's version; a deployment of another version says nothing about this one. */
export function deploymentOf(
  { deployments }: Pick<CertificateRecord, 'deployments'>,
  { version }: { readonly version: Pick<Version, 'id'> },
  key: string,
): Deployment | null {
  const deployment = deployments[key];
  return deployment?.versionId === version.id ? deployment : null;
}

/** Says whether the target served the version and stopped because somebody changed the listener. */
export function wasChanged(deployment: Deployment | null): deployment is Deployment {
  if (deployment === null) return false;
  return (
    deployment.drift !== undefined ||
    (deployment.state === 'contradicted' && deployment.provenAt !== null)
  );
}

/** Says whether the way back is in the record while the change is not confirmed. */
export function isNoted(deployment: Deployment | null): deployment is Deployment {
  return deployment?.state === 'awaiting-proof' && deployment.nextProbeAt === null;
}

/**
 * A contradicted target belongs to deploy, even if the record gives verify a time: otherwise it would be tried without end.
 */
export function isLeftToVerify({ drift, nextProbeAt, state }: Deployment): boolean {
  return nextProbeAt !== null && !drift && state !== 'contradicted';
}

/**
 * Returns the end of the certificate that the target serves while this one fails, as last seen at its endpoint or else as
 * in the record. Null where it is unknown, as before a first deployment.
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

/** Returns the certificate that the change replaced: a version of ours, or the one that the endpoint served then. */
export function servedBefore(
  record: Pick<CertificateRecord, 'versions'>,
  { previous, ...before }: Pick<Deployment, 'previous' | 'baselineSerial' | 'baselineSha256'>,
): PreviousIdentity | null {
  const version = record.versions.find(({ id }) => id === previous?.versionId);
  if (version) return version;
  const { baselineSerial: serial, baselineSha256: fingerprintSha256 = null } = before;
  return serial === null ? null : { serial, fingerprintSha256 };
}

/** An address seen longer ago may be gone, and another endpoint may answer there with the same certificate. */
export const endpointKnownForMs = dayMs;

/** Returns the address that verify asks, without another look at the target for a day; no host where nobody can ask. */
export function endpointOf({ name, endpoint }: TargetView, at: Date) {
  const { host, isInternal, port, names } = endpoint ?? { host: '', port: 0 };
  return {
    ...{ name, host, port },
    ...(names && { names: [...names] }),
    ...(isInternal && { isInternal }),
    lookedAt: at.toISOString(),
  };
}

/** Describes what a listener holds after somebody changed it. */
export function driftAt(held: Held, seenAt: Date): NonNullable<Deployment['drift']> {
  const holds = `default ${held.default ?? 'none'}, list ${held.list.join(', ') || 'empty'}`;
  return { seenAt: seenAt.toISOString(), holds: holds.slice(0, 500) };
}

import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';

/**
 * Returns the keys of the targets whose endpoint is to be asked now: those that wait for proof, those that could not be
 * asked, and from time to time those that are proven, with whatever version they have: a newer one may wait for its turn.
 * Deploy, not verify, handles a target with a failed or unconfirmed change.
 */
export function verifyDue(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key'>[],
  now: Date,
): readonly string[] {
  return probesOf(record, targets)
    .filter(({ at }) => new Date(at) <= now)
    .map(({ key }) => key);
}

/** Returns when the first endpoint is to be asked; null where none is. ISO 8601. */
export function nextProbeOf(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key'>[],
): string | null {
  return (
    probesOf(record, targets)
      .map(({ at }) => at)
      .sort()[0] ?? null
  );
}

function probesOf(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key'>[],
): readonly { readonly key: string; readonly at: string }[] {
  return targets.flatMap(({ key }) => {
    const deployment = record.deployments[key];
    const at = deployment?.nextProbeAt ?? null;
    const isAsked =
      deployment !== undefined &&
      record.versions.some(({ id }) => id === deployment.versionId) &&
      (deployment.state === 'awaiting-proof' ||
        deployment.state === 'proven' ||
        deployment.state === 'unknown');
    return isAsked && at !== null ? [{ key, at }] : [];
  });
}

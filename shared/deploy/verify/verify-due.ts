import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';

/**
 * Returns the keys of the targets whose endpoint is to be asked now: those that wait for proof, those that could not be
 * asked, and from time to time those that are proven. Deploy, not verify, handles a target with a failed or unconfirmed
 * change.
 */
export function verifyDue(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key'>[],
  now: Date,
): readonly string[] {
  const version = desiredVersion(record);
  if (!version) return [];
  return targets
    .map(({ key }) => key)
    .filter((key) => {
      const deployment = record.deployments[key];
      return (
        deployment?.versionId === version.id &&
        (deployment.state === 'awaiting-proof' ||
          deployment.state === 'proven' ||
          deployment.state === 'unknown') &&
        deployment.nextProbeAt !== null &&
        new Date(deployment.nextProbeAt) <= now
      );
    });
}

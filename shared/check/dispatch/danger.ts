import { servedUntilOf } from '#shared/deploy/deployment-questions.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';

type Targets = readonly Pick<TargetIdentity, 'key'>[];

/**
 * Returns the earliest end of the certificates that the targets are known to serve; null where nothing is known. ISO 8601.
 */
export function servedEnd(record: CertificateRecord, targets: Targets): string | null {
  const ends = targets.flatMap(({ key }) => {
    const deployment = record.deployments[key];
    return deployment ? (servedUntilOf(record, deployment) ?? []) : [];
  });
  return ends.toSorted()[0] ?? null;
}

/** Says whether clients of one of the targets get an expired certificate, or one that its CA has revoked. */
export function isServingNothingGood(
  record: CertificateRecord,
  targets: Targets,
  now: Date,
): boolean {
  const end = servedEnd(record, targets);
  if (end !== null && new Date(end) <= now) return true;
  const { revocation } = record;
  if (!revocation?.revokedAt) return false;
  return targets.some(({ key }) => {
    const deployment = record.deployments[key];
    const isNew = deployment?.versionId === record.desired && deployment.provenAt !== null;
    const served = isNew ? deployment.versionId : deployment?.previous?.versionId;
    return served === revocation.versionId;
  });
}

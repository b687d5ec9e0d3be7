import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { Target } from '#shared/targets/target.ts';
import type { DeployContext } from './context.ts';
import { isWaiting } from './decide-deploy.ts';
import { deploymentOf } from './deployment-questions.ts';

/**
 * The targets that the run has something to do for. What is bound, confirmed and left to verify is neither
 * looked at nor written again, and what waits for its back-off is not touched for the sake of others.
 */
export function openTargets(record: CertificateRecord, run: DeployContext): readonly Target[] {
  const arn = arnInPlace(record, run);
  const now = run.clock.now();
  return run.targets.filter(({ key }) => {
    if (isWaiting(record.deployments[key], run.version, now)) return false;
    return arn === null || !isSettled(deploymentOf(record, run, key), arn);
  });
}

/** The ARN that holds the version, where the record says that one does. */
export function arnInPlace(record: CertificateRecord, run: DeployContext): string | null {
  const entry = record.imports[run.place];
  return entry?.versionId === run.version.id && entry.importing === null ? entry.arn : null;
}

/** Bound, confirmed and left to verify: nothing to do. */
export function isSettled(deployment: Deployment | null, arn: string): boolean {
  if (deployment?.arn !== arn || deployment.nextProbeAt === null) return false;
  if (deployment.drift) return false;
  return ['awaiting-proof', 'proven', 'unknown'].includes(deployment.state);
}

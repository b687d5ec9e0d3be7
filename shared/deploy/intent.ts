import type { CertificateRecord } from '#shared/ledger/record.ts';
import { type Before, beforeChange } from './before.ts';
import { type DeployRun, deploymentOf, type Look, withDeployment } from './run.ts';

export type Intent = Before & {
  readonly arn: string;
  /** Into an SNI list, where nothing has to go for it. */
  readonly isAdded: boolean;
};

/**
 * What a target held, in the record before the change that takes it away. `nextProbeAt: null` says that
 * the change is not confirmed: verify leaves the target alone, and deploy has to look again.
 */
export function withIntent(
  record: CertificateRecord,
  run: DeployRun,
  key: string,
  intent: Intent,
): CertificateRecord {
  const now = run.clock.now();
  const before = beforeChange(record.deployments[key], intent, { version: run.version, now });
  return withDeployment(record, key, {
    state: 'awaiting-proof',
    place: run.place,
    versionId: run.version.id,
    arn: intent.arn,
    previous: before.previous,
    baselineSerial: before.baselineSerial ?? intent.baselineSerial,
    changedAt: now.toISOString(),
    provenAt: deploymentOf(record, run, key)?.provenAt ?? null,
    probe: null,
    nextProbeAt: null,
    failure: deploymentOf(record, run, key)?.failure ?? null,
  });
}

/** The change is there: from now on the endpoint is asked. What was there before, only the intent knows. */
export function withConfirmed(
  record: CertificateRecord,
  run: DeployRun,
  { target }: Look,
  arn: string,
): CertificateRecord {
  const known = deploymentOf(record, run, target.key);
  const now = run.clock.now().toISOString();
  return withDeployment(record, target.key, {
    state: 'awaiting-proof',
    place: run.place,
    versionId: run.version.id,
    arn,
    previous: known?.previous ?? null,
    baselineSerial: known?.baselineSerial ?? null,
    changedAt: now,
    provenAt: known?.provenAt ?? null,
    probe: null,
    nextProbeAt: now,
    // Still counted, no longer waited for: should the endpoint contradict this, it is put back at once.
    failure: known?.failure ? { ...known.failure, nextAttemptAt: now } : null,
  });
}

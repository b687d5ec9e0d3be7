import { CertkeepError } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { rolledBackEvent } from './events.ts';
import { withVersionAt } from './import-entry.ts';
import { importMaterial } from './import-material.ts';
import {
  type DeployRun,
  deploymentOf,
  readRun,
  updateRun,
  withDeployment,
  withImport,
} from './run.ts';
import { failureAfter, recordFailed, servedUntilOf } from './setback.ts';
import type { Target } from './targets/target.ts';
import { NoWayBack, type WayBack, wayBackOf } from './way-back.ts';

/**
 * Puts back what a target held before a change that its endpoint contradicts. Never to what is not known
 * or ends within a day: then the target stays as it is, and a person is told.
 */
export async function rollBack(given: DeployRun, target: Target): Promise<void> {
  const record = await readRun(given);
  const deployment = record.deployments[target.key];
  const version = record.versions.find(({ id }) => id === deployment?.versionId);
  if (deployment?.state !== 'contradicted' || !version) return;
  // A newer version may have become the desired one; it is this one that goes back.
  const run = { ...given, version };
  const detail = deployment.probe?.detail ?? 'the endpoint serves another certificate';
  let name: string = target.key;
  try {
    const view = await target.look();
    name = view.name;
    const plan = await wayBackOf(run, record, { key: target.key, deployment, view });
    await putBack(run, target, plan);
    const error = new CertkeepError('EndpointContradicted', detail);
    await recordRolledBack(run, { key: target.key, name }, plan, error);
  } catch (error) {
    const cause = error instanceof NoWayBack ? error.told(detail) : error;
    const state = error instanceof NoWayBack ? 'failed' : 'contradicted';
    const subject = { key: target.key, name };
    const failed = { keys: [target.key], subject, error: cause, stage: 'rebind', state } as const;
    await recordFailed(run, { ...failed, isUrgent: true });
  }
}

async function putBack(run: DeployRun, target: Target, plan: WayBack): Promise<void> {
  switch (plan.way) {
    case 'bind':
      return target.bind(plan.arn, plan.instead);
    case 'unbind':
      return target.unbind(plan.arn);
    case 'reimport':
      return reimportPrevious(run, plan);
  }
}

async function reimportPrevious(
  run: DeployRun,
  { arn, versionId }: Extract<WayBack, { way: 'reimport' }>,
): Promise<void> {
  const record = await readRun(run);
  const version = record.versions.find(({ id }) => id === versionId);
  if (!version) throw new CertkeepError('KeyStoreUnreadable', `${versionId} is not in the record`);
  const held = await run.acm.describe(arn);
  if (held?.serial === version.serial) return;
  await updateRun(run, (current) => {
    const entry = current.imports[run.place];
    return entry
      ? withImport(current, run.place, { ...entry, versionId: null, importing: versionId })
      : current;
  });
  const result = await importMaterial(run, version, { arn, tags: {}, isUrgent: true });
  // The contradicted version may have a usage that ACM does not let an ARN lose again.
  if (result.outcome !== 'imported') throw new NoWayBack(result.detail);
}

async function recordRolledBack(
  run: DeployRun,
  subject: { readonly key: string; readonly name: string },
  plan: WayBack,
  error: CertkeepError,
): Promise<void> {
  const moment = { now: run.clock.now(), jitter: Math.random() };
  await updateRun(run, (record) => withRolledBack(record, run, subject, { plan, error, moment }));
  run.log.warn('previous certificate put back', {
    stage: 'rebind',
    certificate: run.certificate.id,
    outcome: 'rolled-back',
    reason: error.message,
    target: subject.name,
  });
}

function withRolledBack(
  record: CertificateRecord,
  run: DeployRun,
  subject: { readonly key: string; readonly name: string },
  done: { plan: WayBack; error: CertkeepError; moment: { now: Date; jitter: number } },
): CertificateRecord {
  const { plan, error, moment } = done;
  const put =
    plan.way === 'reimport' ? withVersionAt(record, run, plan.versionId, 'put back') : record;
  const changed = plan.keys.reduce((all, key) => {
    const deployment = deploymentOf(all, run, key);
    if (!deployment) return all;
    const servedUntil = servedUntilOf(all, deployment);
    const failure = failureAfter(run, deployment.failure, error, { ...moment, servedUntil });
    return withDeployment(all, key, {
      ...deployment,
      state: 'rolled-back',
      failure,
      nextProbeAt: null,
    });
  }, put);
  const deployment = deploymentOf(changed, run, subject.key);
  if (!deployment?.failure) return changed;
  const setback = {
    failure: deployment.failure,
    error,
    stage: 'rebind' as const,
    servedUntil: servedUntilOf(record, deployment),
    putBackArn: plan.way === 'unbind' ? null : plan.arn,
    others: plan.keys.filter((key) => key !== subject.key),
  };
  const { version } = run;
  return withEvent(
    changed,
    rolledBackEvent({ certificate: record.id, version, ...subject }, setback),
  );
}

import { CertkeepError } from '#shared/errors.ts';
import type { Change } from '#shared/ledger/lease.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { Target, TargetView } from '#shared/targets/target.ts';
import * as acmImport from '../acm-import.ts';
import { shadowing } from '../choice/shadowed.ts';
import type { DeployContext, Look } from '../context.ts';
import * as deployment from '../deployment.ts';
import { deploymentOf, servedUntilOf } from '../deployment-questions.ts';
import { rolledBackEvent } from '../events.ts';
import { inGroups } from '../groups.ts';
import { importMaterial } from '../import/import-material.ts';
import { contradiction } from '../import/look-alike.ts';
import { failing, failureAfter } from '../record-failure.ts';
import {
  GoingBackHelpsNobody,
  NotOurs,
  planRollback,
  RollbackImpossible,
  type RollbackPlan,
} from './rollback-plan.ts';

/** Puts back the targets with these keys, group by group. Returns true if some are left for the next run. */
export async function rollBack(run: DeployContext, keys: readonly string[]): Promise<boolean> {
  const targets = run.targets.filter(({ key }) => keys.includes(key));
  return inGroups(targets, run, (group) => rollBackGroup(run, group));
}

/**
 * Puts back what the targets of a group held before a change that their endpoints contradict, but never to an unknown
 * certificate or one that expires within a day: then the target stays as it is, and a person is told. Listener changes are
 * written down together; an import, which puts back all targets with its ARN, at once. Returns `cut` when the run had no
 * time for all.
 */
async function rollBackGroup(
  given: DeployContext,
  group: readonly Target[],
): Promise<'next' | 'cut'> {
  let record = await given.mine.read();
  // A target of an earlier group may have taken others with it.
  const targets = group.filter(({ key }) => record.deployments[key]?.state === 'contradicted');
  const views = await Promise.allSettled(targets.map((target) => target.look()));
  let changes: Change[] = [];
  for (const [index, target] of targets.entries()) {
    if (index > 0 && given.clock.now() >= given.slice.changesUntil) {
      await given.mine.updateAll(changes);
      return 'cut';
    }
    const deployment = record.deployments[target.key];
    const version = record.versions.find(({ id }) => id === deployment?.versionId);
    if (deployment?.state !== 'contradicted' || !version) continue;
    // A newer version may be desired by now; the one that goes back is this one.
    const run = { ...given, version };
    const view = views[index] as (typeof views)[number];
    const { way, change } = await goBack(run, record, { target, deployment, view });
    changes.push(change);
    if (way !== 'reimport') continue;
    await run.mine.updateAll(changes);
    changes = [];
    record = await given.mine.read();
  }
  await given.mine.updateAll(changes);
  return 'next';
}

type Contradicted = {
  readonly target: Target;
  readonly deployment: Deployment;
  readonly view: PromiseSettledResult<TargetView>;
};

/** Returns the change of the record, and the way that was taken. */
async function goBack(
  run: DeployContext,
  record: CertificateRecord,
  { target, deployment, view: seen }: Contradicted,
): Promise<{ readonly way: RollbackPlan['way'] | null; readonly change: Change }> {
  const { key } = target;
  const detail = deployment.probe?.detail ?? 'the endpoint serves another certificate';
  const name = seen.status === 'fulfilled' ? seen.value.name : key;
  try {
    if (seen.status === 'rejected') throw seen.reason;
    const look = { target, view: seen.value };
    const plan = await planRollback(run, record, { look, deployment });
    await putBack(run, look, plan);
    const error = contradiction(deployment, run.version, detail);
    return { way: plan.way, change: rolledBack(run, { key, name }, plan, error) };
  } catch (error) {
    if (error instanceof GoingBackHelpsNobody && seen.status === 'fulfilled') {
      const look = { target, view: seen.value };
      return {
        way: null,
        change: shadowing(run, look, error.told(detail, { ...run, deployment })),
      };
    }
    if (error instanceof NotOurs) logNotOurs(run, name, error);
    const cause =
      error instanceof RollbackImpossible ? error.told(detail, { ...run, deployment }) : error;
    const isToPutBack = !(error instanceof RollbackImpossible);
    const failed = { keys: [key], subject: { key, name }, error: cause, stage: 'rebind' } as const;
    return { way: null, change: failing(run, { ...failed, isToPutBack, isUrgent: true }) };
  }
}

function logNotOurs(run: DeployContext, target: string, { message }: NotOurs): void {
  const fields = { stage: 'rebind', certificate: run.certificate.id, target } as const;
  run.log.error('way back of the record is not ours', {
    ...fields,
    outcome: 'ArnNotOurs',
    reason: message,
  });
}

async function putBack(
  run: DeployContext,
  { target, view }: Look,
  plan: RollbackPlan,
): Promise<void> {
  if (plan.way === 'reimport') await reimportPrevious(run, plan);
  else await target.arrange({ ...plan.wanted, isUrgent: true }, view);
}

async function reimportPrevious(
  run: DeployContext,
  { arn, versionId }: Extract<RollbackPlan, { way: 'reimport' }>,
): Promise<void> {
  const record = await run.mine.read();
  const version = record.versions.find(({ id }) => id === versionId);
  if (!version) throw new CertkeepError('KeyStoreUnreadable', `${versionId} is not in the record`);
  const held = await run.acm.describe(arn, [version]);
  if (held?.fingerprintSha256 === version.fingerprintSha256) return;
  await run.mine.update((current) => acmImport.putBackBegun(current, run.place, version.id));
  const result = await importMaterial(run, version, { arn, tags: {}, isUrgent: true });
  // The contradicted version may have a key usage that ACM does not let an ARN lose again.
  if (result.outcome !== 'imported') throw new RollbackImpossible(result.detail);
}

function rolledBack(
  run: DeployContext,
  subject: { readonly key: string; readonly name: string },
  plan: RollbackPlan,
  error: CertkeepError,
): Change {
  const moment = { now: run.clock.now(), jitter: Math.random() };
  run.log.warn('previous certificate put back', {
    stage: 'rebind',
    certificate: run.certificate.id,
    outcome: 'rolled-back',
    reason: error.message,
    target: subject.name,
  });
  return (record) => withRolledBack(record, run, subject, { plan, error, moment });
}

function withRolledBack(
  record: CertificateRecord,
  run: DeployContext,
  subject: { readonly key: string; readonly name: string },
  done: { plan: RollbackPlan; error: CertkeepError; moment: { now: Date; jitter: number } },
): CertificateRecord {
  const { plan, error, moment } = done;
  const why = { why: 'put back', at: moment.now };
  const put =
    plan.way === 'reimport'
      ? acmImport.heldAsBefore(record, run.place, { versionId: plan.versionId, ...why })
      : record;
  const changed = plan.keys.reduce((all, key) => {
    const known = deploymentOf(all, run, key);
    if (!known) return all;
    const servedUntil = servedUntilOf(all, known);
    const failure = failureAfter(run, known.failure, error, { ...moment, servedUntil });
    return deployment.rolledBack(all, key, failure);
  }, put);
  const known = deploymentOf(changed, run, subject.key);
  if (!known?.failure) return changed;
  const recorded = {
    failure: known.failure,
    error,
    stage: 'rebind' as const,
    servedUntil: servedUntilOf(record, known),
    putBackArn: plan.arn,
    others: plan.keys.filter((key) => key !== subject.key),
  };
  const { version } = run;
  return withEvent(
    changed,
    rolledBackEvent({ certificate: record.id, version, ...subject }, recorded),
  );
}

import { dayMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record.ts';
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
    const plan = planOf(record, run, deployment, { key: target.key, isAdded: !view.replacedArn });
    await putBack(run, target, plan);
    const error = new CertkeepError('EndpointContradicted', detail);
    await recordRolledBack(run, { key: target.key, name }, plan, error);
  } catch (error) {
    const cause = error instanceof NoWayBack ? error.told(detail) : error;
    const state = error instanceof NoWayBack ? 'failed' : 'contradicted';
    const subject = { key: target.key, name };
    await recordFailed(run, { keys: [target.key], subject, error: cause, stage: 'rebind', state });
    if (!(cause instanceof CertkeepError)) throw cause;
  }
}

class NoWayBack extends Error {
  told(detail: string): CertkeepError {
    return new CertkeepError('EndpointContradicted', `${detail}; not put back: ${this.message}`);
  }
}

type Plan =
  /** The ARN stays on the listeners and gets its earlier version again: all that have it go back. */
  | {
      readonly way: 'reimport';
      readonly arn: string;
      readonly versionId: string;
      readonly keys: readonly string[];
    }
  | {
      readonly way: 'bind';
      readonly arn: string;
      readonly instead: string;
      readonly keys: readonly string[];
    }
  /** There was nothing before: the certificate leaves the SNI list. */
  | { readonly way: 'unbind'; readonly arn: string; readonly keys: readonly string[] };

/** @throws NoWayBack */
function planOf(
  record: CertificateRecord,
  run: DeployRun,
  { arn, previous, baselineSerial, versionId }: Deployment,
  { key, isAdded }: { readonly key: string; readonly isAdded: boolean },
): Plan {
  if (arn === null) throw new NoWayBack('nothing was bound');
  if (!previous) {
    if (isAdded && baselineSerial !== null) return { way: 'unbind', arn, keys: [key] };
    throw new NoWayBack('what was there before is not known');
  }
  if (!previous.notAfter) throw new NoWayBack('when the previous certificate ends is not known');
  if (Date.parse(previous.notAfter) <= run.clock.now().getTime() + dayMs) {
    throw new NoWayBack('the previous certificate ends within a day');
  }
  if (previous.arn !== arn) return { way: 'bind', arn: previous.arn, instead: arn, keys: [key] };
  if (!previous.versionId) throw new NoWayBack('nobody has the key of the previous certificate');
  const sharing = Object.entries(record.deployments).filter(
    ([, other]) => other.arn === arn && other.versionId === versionId,
  );
  if (sharing.some(([, other]) => other.provenAt !== null)) {
    throw new NoWayBack('other targets prove that the same certificate is served');
  }
  const keys = sharing.map(([each]) => each);
  return { way: 'reimport', arn, versionId: previous.versionId, keys };
}

async function putBack(run: DeployRun, target: Target, plan: Plan): Promise<void> {
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
  { arn, versionId }: Extract<Plan, { way: 'reimport' }>,
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
  const result = await importMaterial(run, version, { arn, tags: {} });
  if (result.outcome !== 'imported') throw new CertkeepError('ImportRefused', result.detail);
}

async function recordRolledBack(
  run: DeployRun,
  subject: { readonly key: string; readonly name: string },
  plan: Plan,
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
  done: { plan: Plan; error: CertkeepError; moment: { now: Date; jitter: number } },
): CertificateRecord {
  const { plan, error, moment } = done;
  const put =
    plan.way === 'reimport' ? withVersionAt(record, run, plan.versionId, 'put back') : record;
  const changed = plan.keys.reduce((all, key) => {
    const deployment = deploymentOf(all, run, key);
    if (!deployment) return all;
    const servedUntil = servedUntilOf(all, key);
    const failure = failureAfter(run, deployment.failure, error, { ...moment, servedUntil });
    return withDeployment(all, key, {
      ...deployment,
      state: 'rolled-back',
      failure,
      nextProbeAt: null,
    });
  }, put);
  const failure = deploymentOf(changed, run, subject.key)?.failure;
  if (!failure) return changed;
  const setback = {
    failure,
    error,
    stage: 'rebind' as const,
    servedUntil: servedUntilOf(record, subject.key),
    putBackArn: plan.way === 'unbind' ? null : plan.arn,
  };
  const { version } = run;
  return withEvent(
    changed,
    rolledBackEvent({ certificate: record.id, version, ...subject }, setback),
  );
}

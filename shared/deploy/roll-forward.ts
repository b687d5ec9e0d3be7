import { isCertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { networkKey, parsePlaceKey } from '#shared/place.ts';
import type { Target } from '#shared/targets/target.ts';
import type { DeployContext, Look } from './context.ts';
import { openAmong } from './decide-deploy.ts';
import { deploymentOf, isNoted } from './deployment-questions.ts';
import { type FetchedTarget, isFetched } from './fetch/is-fetched.ts';
import { inGroups } from './groups.ts';
import { importVersion } from './import/import.ts';
import { type ImportPlan, planImport } from './import/plan-import.ts';
import { publishArn } from './publish/publish.ts';
import { lookAt } from './rebind/look.ts';
import { confirmNoted, note } from './rebind/note.ts';
import { rebind } from './rebind/rebind.ts';
import { type ServedEnds, servedAt, servedAtFirst } from './rebind/served-at.ts';
import { recordFailed } from './record-failure.ts';
import { deleteSuperseded } from './retire/delete-superseded.ts';

export type RolledForward = {
  /** The keys of the targets that failed. */
  readonly failed: readonly string[];
  /** True if the run ended by its clock, with targets left for the next one. */
  readonly isCut: boolean;
  /** True if some target waits for its proof, which verify gives. */
  readonly awaitsProof: boolean;
};

/**
 * Imports, then rebinds the targets, group by group: one that fails does not stop the others. Then the ARN is published.
 * The record holds an earlier run's work, which is not repeated.
 */
export async function rollForward(
  run: DeployContext,
  before: CertificateRecord,
  /** The keys of the targets with work to do. */
  open: readonly string[],
): Promise<RolledForward> {
  const targets = run.targets.filter(({ key }) => open.includes(key));
  const fetching = targets.filter(isFetched);
  const isOffering = fetching.length > 0 && (await offer(run, fetching));
  const isMoving = await moveBound(run, before, targets);
  const isCut = isOffering || isMoving;
  await publishArn(run);
  const after = await run.mine.read();
  if (!isCut) await deleteSuperseded(run, after);
  const awaitsProof = run.targets.some(({ key }) => {
    const deployment = after.deployments[key];
    return deployment?.state === 'awaiting-proof' && deployment.nextProbeAt !== null;
  });
  return { failed: failedBetween(before, after, run), isCut, awaitsProof };
}

/** Loaded where such a target is configured. */
async function offer(run: DeployContext, targets: readonly FetchedTarget[]): Promise<boolean> {
  const { offerAll } = await import('./fetch/offer.ts');
  return offerAll(run, targets);
}

/** What hosts fetch is no matter of ACM: nothing is imported where there is nothing else. */
async function moveBound(
  run: DeployContext,
  before: CertificateRecord,
  open: readonly Target[],
): Promise<boolean> {
  const isBound = (target: Target) => !isFetched(target);
  const targets = open.filter(isBound);
  if (targets.length === 0) return false;
  const bound = { ...run, targets: run.targets.filter(isBound) };
  return moveTargets(bound, before, targets).catch(isOnlyLaneFull);
}

/** ACM's turns are taken for longer than a run can wait: the next one goes on. @throws any other error */
function isOnlyLaneFull(error: unknown): true {
  if (isCertkeepError(error, 'ImportLaneFull')) return true;
  throw error;
}

/** Returns whether the run was cut by its clock. */
async function moveTargets(
  run: DeployContext,
  record: CertificateRecord,
  open: readonly Target[],
): Promise<boolean> {
  const plan = await orFailed(
    run,
    () => planImport(run, record),
    () => servedAtFirst(run, record, open),
  );
  if (plan === null) return false;
  if (!plan.changesWhatIsServed) return bindAll(run, open, plan, null);
  const unnoted = open.filter(({ key }) => !isNoted(deploymentOf(record, run, key)));
  const isCut = await inGroups(unnoted, run, (group) => noteGroup(run, group, plan));
  if (isCut || isLate(run)) return true;
  // Nothing is imported for targets that may not have it.
  if ((await openNow(run)).length === 0) return false;
  // Their notes say what they serve.
  const arn = await orFailed(run, () => importVersion(run, plan), noneAsked);
  if (arn === null) return false;
  await confirmNoted(run, arn);
  const left = await openNow(run);
  return isLate(run) ? left.length > 0 : bindAll(run, left, plan, arn);
}

async function noteGroup(
  run: DeployContext,
  group: readonly Target[],
  plan: ImportPlan,
): Promise<'next' | 'end'> {
  const unreachable = await note(run, group, plan.onto);
  if (unreachable === null) return 'next';
  await failPlace(run, unreachable);
  return 'end';
}

/** Without an ARN yet, the version is imported once a target was seen that accepts it. */
async function bindAll(
  run: DeployContext,
  open: readonly Target[],
  plan: ImportPlan,
  imported: string | null,
): Promise<boolean> {
  let arn = imported;
  return inGroups(open, run, async (group) => {
    let looks = await lookOrFail(run, group);
    if (looks === null) return 'end';
    if (looks.length === 0) return 'next';
    if (arn === null) {
      const group = looks;
      arn = await orFailed(
        run,
        () => importVersion(run, plan),
        () => servedAt(run, group),
      );
      if (arn === null) return 'end';
      // An import may have taken a minute: this shows what somebody bound meanwhile.
      const seen = looks.map(({ target }) => target);
      if (plan.decision.outcome !== 'already-there') looks = await lookOrFail(run, seen);
    }
    return looks === null ? 'end' : rebind(run, looks, arn);
  });
}

/** Null where the whole place cannot be reached. */
async function lookOrFail(
  run: DeployContext,
  group: readonly Target[],
): Promise<readonly Look[] | null> {
  const { looks, changes, unreachable } = await lookAt(run, group);
  if (unreachable) {
    await failPlace(run, unreachable);
    return null;
  }
  await run.mine.updateAll(changes);
  return looks;
}

const noneAsked = async (): Promise<ServedEnds> => new Map();

/** A refusal by ACM concerns all targets that are open. `served` asks endpoints that have no note. */
async function orFailed<T>(
  run: DeployContext,
  work: () => Promise<T>,
  served: () => Promise<ServedEnds>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (isCertkeepError(error, 'ImportLaneFull')) throw error;
    if (isCertkeepError(error, 'PlaceNotReachable')) await failPlace(run, error);
    else
      await failOpen(
        run,
        `${run.acm.name} in ${networkKey(parsePlaceKey(run.place))}`,
        error,
        await served(),
      );
    return null;
  }
}

/** An error of one target in the place holds for all of them. */
function failPlace(run: DeployContext, error: unknown): Promise<void> {
  return failOpen(run, run.place, error, new Map());
}

async function failOpen(
  run: DeployContext,
  name: string,
  error: unknown,
  served: ServedEnds,
): Promise<void> {
  const keys = (await openNow(run)).map(({ key }) => key);
  const subject = { key: run.place, name };
  await recordFailed(run, { keys, subject, error, served, stage: 'rebind' });
}

/** Returns the work left, after the writes of this run. */
async function openNow(run: DeployContext): Promise<readonly Target[]> {
  return openAmong(run.targets, await run.mine.read(), { ...run, now: run.clock.now() });
}

/** Says whether the run takes no new work. */
function isLate({ clock, slice }: DeployContext): boolean {
  return clock.now() >= slice.takesUntil;
}

/** Returns the keys of the targets that failed since `before`, once more or for the first time. */
function failedBetween(
  before: CertificateRecord,
  after: CertificateRecord,
  { targets, version }: DeployContext,
): readonly string[] {
  const ofVersion = ({ deployments }: CertificateRecord, key: string) =>
    deployments[key]?.versionId === version.id ? deployments[key] : null;
  return targets
    .map(({ key }) => key)
    .filter((key) => {
      const [was, is] = [ofVersion(before, key), ofVersion(after, key)];
      if (is?.state !== 'failed') return false;
      return (
        was?.failure?.lastAt !== is.failure?.lastAt || was?.failure?.count !== is.failure?.count
      );
    });
}

import { isCertkeepError } from '#shared/errors.ts';
import { deleteRetired } from './clean-up.ts';
import { isWaiting } from './decide-deploy.ts';
import { importVersion } from './import.ts';
import { publishArn } from './publish.ts';
import { rebind } from './rebind.ts';
import { rollBack } from './roll-back.ts';
import { type DeployRun, type Look, readRun } from './run.ts';
import { recordFailed } from './setback.ts';
import { checkStaging } from './staging.ts';

/** Puts back the targets with these keys, each by itself. */
export async function putBack(run: DeployRun, keys: readonly string[]): Promise<void> {
  for (const target of run.targets.filter(({ key }) => keys.includes(key))) {
    await rollBack(run, target);
  }
}

/**
 * Import, then rebind of each target by itself: one that fails does not stop the others, and one that
 * waits for its back-off is not touched for the sake of others. Then other stacks may know. Returns the keys of those that failed.
 */
export async function moveForward(run: DeployRun): Promise<readonly string[]> {
  const failed: string[] = [];
  const looks = await allowed(run, await lookAtAll(run, fail), fail);
  const arn = looks.length > 0 ? await importedArn(run, looks, fail) : null;
  if (arn !== null) await rebindAll(run, looks, arn, fail);
  await publishArn(run);
  if (arn !== null && failed.length === 0) await deleteRetired(run);
  return failed;

  async function fail(
    concerned: readonly Pick<Look, 'target'>[],
    subject: Subject,
    error: unknown,
  ) {
    const keys = concerned.map(({ target }) => target.key);
    await recordFailed(run, { keys, subject, error, stage: 'rebind' });
    failed.push(...keys);
  }
}

type Subject = { readonly key: string; readonly name: string };
type Fail = (
  concerned: readonly Pick<Look, 'target'>[],
  subject: Subject,
  error: unknown,
) => Promise<void>;

async function lookAtAll(run: DeployRun, fail: Fail): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (const target of run.targets) {
    try {
      looks.push({ target, view: await target.look() });
    } catch (error) {
      if (isCertkeepError(error, 'PlaceNotReachable')) {
        // What is said of one target is true of all that are there.
        const all = run.targets.map((each) => ({ target: each }));
        await fail(all, { key: run.place, name: run.place }, error);
        return [];
      }
      await fail([{ target }], { key: target.key, name: target.key }, error);
    }
  }
  return looks;
}

async function rebindAll(
  run: DeployRun,
  looks: readonly Look[],
  arn: string,
  fail: Fail,
): Promise<void> {
  const record = await readRun(run);
  for (const look of looks) {
    const deployment = record.deployments[look.target.key];
    if (isWaiting(deployment, run.version, run.clock.now())) continue;
    try {
      await rebind(run, look.target, arn);
    } catch (error) {
      await fail([look], { key: look.target.key, name: look.view.name }, error);
    }
  }
}

/** Before anything is imported: onto an ARN that a listener holds, that changes what is served. */
async function allowed(
  run: DeployRun,
  looks: readonly Look[],
  fail: Fail,
): Promise<readonly Look[]> {
  if (!run.version.origin?.staging) return looks;
  const { deployments } = await readRun(run);
  const kept: Look[] = [];
  for (const look of looks) {
    const { key } = look.target;
    if (isWaiting(deployments[key], run.version, run.clock.now())) continue;
    try {
      await checkStaging(run, look);
      kept.push(look);
    } catch (error) {
      await fail([look], { key, name: look.view.name }, error);
    }
  }
  return kept;
}

async function importedArn(
  run: DeployRun,
  looks: readonly Look[],
  fail: Fail,
): Promise<string | null> {
  try {
    return await importVersion(run, looks);
  } catch (error) {
    await fail(looks, { key: run.place, name: `ACM in ${run.place}` }, error);
    return null;
  }
}

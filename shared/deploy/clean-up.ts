import { addMs, hourMs } from '#shared/clock.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import { certificateTag, managedTag } from './acm.ts';
import { isProven } from './decide-deploy.ts';
import { type DeployRun, type PlaceRun, readRun, updateRun, withImport } from './run.ts';

/** InUseBy lags behind, and somebody else may use our certificate for longer. */
export const lookAgainMs = hourMs;

/**
 * Deletes ARNs of ours that a new one has replaced, once every target has proved the new one and nothing
 * uses them. Never fails a deploy: what could not be deleted is logged and looked at again.
 */
export async function deleteRetired(run: DeployRun): Promise<void> {
  const record = await readRun(run);
  if (!isProven(record, run.targets, run.version)) return;
  const now = run.clock.now();
  const { retired = [], publishedArn } = record.imports[run.place] ?? {};
  for (const { arn, lookAgainAt } of retired) {
    if (new Date(lookAgainAt) > now) continue;
    // Other stacks would go on being told of what is gone.
    const outcome = arn === publishedArn ? 'published' : await deleteOne(run, arn);
    run.log.info('earlier certificate', {
      stage: 'import',
      certificate: run.certificate.id,
      outcome,
      arn,
    });
    const isOver = ['deleted', 'gone', 'foreign'].includes(outcome);
    const later = isOver ? null : addMs(now, lookAgainMs);
    await setRetired(run, arn, later);
  }
}

async function deleteOne(run: DeployRun, arn: string): Promise<string> {
  try {
    const fate = await fateOf(run, arn);
    return fate === 'unused' ? await run.acm.delete(arn) : fate;
  } catch (error) {
    run.log.warn('earlier certificate not deleted', {
      stage: 'import',
      certificate: run.certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
      arn,
    });
    return 'failed';
  }
}

export type Fate = 'gone' | 'foreign' | 'in-use' | 'unused';

/** Whether a certificate that is no longer needed may be deleted: it is ours, and nothing uses it. */
export async function fateOf(run: PlaceRun, arn: string): Promise<Fate> {
  const held = await run.acm.describe(arn);
  if (!held) return 'gone';
  // Adopted certificates were made by somebody else, who may count on them.
  const tags = await run.acm.tagsOf(arn);
  const isOurs =
    tags[managedTag] === run.installation && tags[certificateTag] === run.certificate.id;
  if (!isOurs) return 'foreign';
  return held.inUseBy.length > 0 ? 'in-use' : 'unused';
}

async function setRetired(run: DeployRun, arn: string, lookAgainAt: Date | null): Promise<void> {
  await updateRun(run, (record) => {
    const entry = record.imports[run.place];
    if (!entry) return record;
    const others = entry.retired.filter((retired) => retired.arn !== arn);
    const retired = lookAgainAt
      ? [...others, { arn, lookAgainAt: lookAgainAt.toISOString() }]
      : others;
    return withImport(record, run.place, { ...entry, retired });
  });
}

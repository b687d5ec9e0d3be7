import { errorMessage, errorName } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { PlaceContext } from '../context.ts';
import { adoptedTag, certificateTag } from './acm.ts';

/**
 * Whose a certificate in ACM is, by its tags. `made`: imported by us as a new one; `adopted`: over somebody's; `managed`:
 * adopted before there was a tag that says for which certificate.
 */
export type Mark = 'made' | 'adopted' | 'managed' | 'others' | 'none';

type Owner = Pick<PlaceContext, 'installation' | 'certificate'>;

/** Another certificate of the same installation counts among the others: both would import over each other. */
export function markOf(
  tags: Readonly<Record<string, string>>,
  { installation, certificate }: Owner,
): Mark {
  const { [managedTag]: managed, [certificateTag]: made, [adoptedTag]: adopted } = tags;
  if (managed !== undefined && managed !== installation) return 'others';
  if ([made, adopted].some((id) => id !== undefined && id !== certificate.id)) return 'others';
  if (managed === undefined) return 'none';
  if (made !== undefined) return 'made';
  return adopted === undefined ? 'managed' : 'adopted';
}

/**
 * Whether an ARN that the record names may be bound, imported onto, taken out of a list or told to other stacks. Its
 * tags say so, which only deploy may set, and not the record, which others write as well.
 */
export function isOfThis(mark: Mark | null): boolean {
  return mark === 'made' || mark === 'adopted' || mark === 'managed';
}

/** Whether ACM's tags, and not the record alone, say that an ARN is this certificate's. */
export async function isOurs(run: PlaceContext, arn: string): Promise<boolean> {
  return isOfThis(await markAt(run, arn));
}

export async function markAt(run: PlaceContext, arn: string): Promise<Mark> {
  return markOf(await run.acm.tagsOf(arn), run);
}

/**
 * The right to import onto an ARN goes by our tag; the other one keeps the rest of our certificates from it. Both go
 * in one call, which is allowed for what carries the first. False where another one has taken it meanwhile.
 */
export async function takeOver(run: PlaceContext, arn: string): Promise<boolean> {
  const mark = await markAt(run, arn);
  if (mark === 'others') return false;
  if (mark === 'made' || mark === 'adopted') return true;
  await run.acm.addTags(arn, {
    [managedTag]: run.installation,
    [adoptedTag]: run.certificate.id,
  });
  return (await markAt(run, arn)) !== 'others';
}

/**
 * With our tag our role could delete what stays somebody else's. What we have made ourselves keeps its tags. That
 * they cannot be taken away stops no deploy. The right to do so goes by the one that is taken away last.
 */
export async function disown(run: PlaceContext, arn: string): Promise<void> {
  try {
    const tags = await run.acm.tagsOf(arn);
    if (markOf(tags, run) === 'others' || tags[certificateTag] !== undefined) return;
    await run.acm.removeTag(arn, adoptedTag, run.certificate.id);
    await run.acm.removeTag(arn, managedTag, run.installation);
  } catch (error) {
    if (deadlineSignal()?.aborted) throw error;
    run.log.warn('tag not removed', {
      stage: 'import',
      certificate: run.certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
      arn,
    });
  }
}

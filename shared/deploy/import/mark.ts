import { errorMessage, errorName } from '#shared/errors.ts';
import { managedTag } from '#shared/installation.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { PlaceContext } from '../context.ts';
import { adoptedTag, certificateTag } from './acm.ts';

/**
 * The owner of a certificate in ACM according to its tags. `made`: imported by us as a new one; `adopted`: imported over
 * somebody's; `managed`: adopted before a tag named the certificate.
 */
export type Mark = 'made' | 'adopted' | 'managed' | 'others' | 'none';

type Owner = Pick<PlaceContext, 'installation' | 'certificate'>;

/** Another certificate of the same installation counts as somebody else's: both would import over each other. */
function markOf(
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
 * Says whether an ARN in the record may be bound, imported onto, taken out of a list or published to other stacks. Its tags
 * decide, which only deploy may set, and not the record, which others write as well.
 */
export function isOfThis(mark: Mark | null): boolean {
  return mark === 'made' || mark === 'adopted' || mark === 'managed';
}

/** Says whether ACM's tags, and not only the record, assign an ARN to this certificate. */
export async function isOurs(run: PlaceContext, arn: string): Promise<boolean> {
  return isOfThis(await markAt(run, arn));
}

export async function markAt(run: PlaceContext, arn: string): Promise<Mark> {
  return markOf(await run.acm.tagsOf(arn), run);
}

/**
 * Our tag gives the right to import onto an ARN; the other tag keeps our other certificates from it. Both are set in one
 * call, which is allowed for a certificate with the first tag. False where another certificate has taken the ARN meanwhile.
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
 * Removes our tags from a certificate that stays somebody else's, since our role could delete it with them. Our own imports
 * keep their tags. A failure to remove them stops no deploy. The right to remove them depends on the tag that is removed
 * last.
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

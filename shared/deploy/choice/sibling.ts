import { managedTag } from '#shared/installation.ts';
import type { Arrangement } from '#shared/targets/target.ts';
import { certificateTag, isAcmArn } from '../import/acm.ts';
import type { DeployRun, Look } from '../run.ts';

/** The id of another certificate of this configuration that an ARN is of, as its tags say; null where it is of none. */
export async function siblingOf(
  { acm, certificate, config, installation }: DeployRun,
  arn: string,
): Promise<string | null> {
  if (!isAcmArn(arn)) return null;
  const tags = await acm.tagsOf(arn);
  if (tags[managedTag] !== installation) return null;
  const sibling = config.certificates.find(({ id }) => id === tags[certificateTag]);
  return sibling && sibling.id !== certificate.id ? sibling.id : null;
}

/**
 * Another certificate of this configuration whose place as the default is taken, and which is to be served from the
 * list of that listener from then on: two that change places, or a new default. Its own deploy sees it served
 * as the default, and has nothing to do.
 */
export type MovedSibling = {
  /** What is to be listed before the default changes; null where the list has a certificate of it already. */
  readonly joins: string | null;
};

export async function movedSibling(
  run: DeployRun,
  { target, view }: Look,
  replaced: string | null,
): Promise<MovedSibling | null> {
  const id = replaced === null ? null : await siblingOf(run, replaced);
  if (id === null || !isListedAt(run, id, target.listener)) return null;
  for (const arn of view.list) {
    if (arn !== replaced && (await siblingOf(run, arn)) === id) return { joins: null };
  }
  return { joins: replaced };
}

function isListedAt({ config }: DeployRun, id: string, listener: string): boolean {
  const targets = config.certificates.find((each) => each.id === id)?.targets ?? [];
  return targets.some(
    (each) => each.type === 'alb' && each.listener === listener && each.certificate !== 'default',
  );
}

export function withSibling(wanted: Arrangement, sibling: MovedSibling | null): Arrangement {
  const joins = sibling?.joins ?? null;
  if (joins === null) return wanted;
  const unlisted = wanted.unlisted.filter((arn) => arn !== joins);
  return { ...wanted, listed: [...wanted.listed, joins], unlisted };
}

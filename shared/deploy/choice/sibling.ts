import { managedTag } from '#shared/installation.ts';
import type { DeployContext, Look } from '../context.ts';
import { certificateTag } from '../import/acm.ts';
import { replacedDefault } from '../rebind/arrangement.ts';

/** The id of another certificate of this configuration that an ARN is of, as its tags say; null where it is of none. */
export async function siblingOf(
  { acm, certificate, config, installation }: DeployContext,
  arn: string,
): Promise<string | null> {
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
  run: DeployContext,
  { target, view }: Look,
  arn: string,
): Promise<MovedSibling | null> {
  const replaced = replacedDefault({ ...view, position: target.position }, arn);
  const id = replaced === null ? null : await siblingOf(run, replaced);
  if (id === null || !isListedAt(run, id, target.listener)) return null;
  for (const each of view.list) {
    if (each !== replaced && (await siblingOf(run, each)) === id) return { joins: null };
  }
  return { joins: replaced };
}

function isListedAt({ config }: DeployContext, id: string, listener: string): boolean {
  const targets = config.certificates.find((each) => each.id === id)?.targets ?? [];
  return targets.some(
    (each) => each.type === 'alb' && each.listener === listener && each.certificate !== 'default',
  );
}

import { managedTag } from '#shared/installation.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import type { DeployContext, Look } from '../context.ts';
import { certificateTag } from '../import/acm.ts';
import { replacedDefault } from '../rebind/arrangement.ts';

/**
 * Returns the id of another certificate of this configuration that owns the ARN according to its tags; null where there is
 * none.
 */
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
 * Another certificate of this configuration that loses its place as the default and is served from the listener's list from
 * then on: two certificates swap places, or there is a new default. Its own deploy sees that it is served, and has nothing
 * to do.
 */
export type MovedSibling = {
  /** The ARN to list before the default changes; null where the list already has a certificate of it. */
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
    (each) => hasList(each) && each.listener === listener && each.certificate !== 'default',
  );
}

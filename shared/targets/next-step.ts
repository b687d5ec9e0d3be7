import type { Arrangement, Held } from './target.ts';

/** One change of a listener, as the API offers it. */
export type Step =
  | { readonly do: 'set-default'; readonly arn: string }
  | { readonly do: 'add'; readonly arn: string }
  | { readonly do: 'remove'; readonly arn: string };

/**
 * The next step from what a listener holds to what it should hold; null when it is there. A new certificate is added before
 * an old one is removed, and a default that should be listed is listed before it is replaced. ELB cannot remove the default
 * itself from the list.
 */
export function nextStep(held: Held, wanted: Arrangement, hasRoom = true): Step | null {
  const { default: standard } = wanted;
  const joining = wanted.listed.find((arn) => !held.list.includes(arn));
  if (standard !== null && held.default !== standard) {
    const isReplaced = joining !== undefined && joining === held.default;
    return isReplaced ? { do: 'add', arn: joining } : { do: 'set-default', arn: standard };
  }
  const leaving = held.list.find(
    (arn) => wanted.unlisted.includes(arn) && arn !== held.default && !wanted.listed.includes(arn),
  );
  const makesRoom = !hasRoom && wanted.mayMakeRoom && leaving !== undefined;
  if (joining !== undefined && !makesRoom) return { do: 'add', arn: joining };
  return leaving === undefined ? null : { do: 'remove', arn: leaving };
}

/** Says whether a listener shows that a step was taken. */
export function isTaken(held: Held, { do: what, arn }: Step): boolean {
  switch (what) {
    case 'set-default':
      return held.default === arn;
    case 'add':
      return held.list.includes(arn);
    case 'remove':
      return !held.list.includes(arn);
  }
}

import type { Arrangement, Held } from './target.ts';

/** One change of a listener, as the API knows it. */
export type Step =
  | { readonly do: 'set-default'; readonly arn: string }
  | { readonly do: 'add'; readonly arn: string }
  | { readonly do: 'remove'; readonly arn: string };

/**
 * What comes next on the way from what a listener holds to what it is to hold; null where it is there. A new
 * certificate is there before an old one goes, and a default that is to be listed is there before it is replaced. The
 * default itself cannot be taken out of the list.
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

/** Whether a listener shows that a step was taken. */
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

import type { Arrangement, Held, Position } from '#shared/targets/target.ts';

type Listener = Held & { readonly position: Position };

/**
 * Returns the default that a change would replace; null where it only adds (SNI), or where `arn` is already the default.
 */
export function replacedDefault({ position, ...held }: Listener, arn: string | null) {
  return position === 'sni' || held.default === arn ? null : held.default;
}

/** Says whether clients get `arn` there, as far as its position alone tells. */
export function isBound({ position, ...held }: Listener, arn: string): boolean {
  if (held.default === arn) return true;
  return position === 'sni' && held.list.includes(arn);
}

/**
 * Returns the arrangement in which a listener serves `arn` and nothing that it replaces: a match in the list beats the
 * default, so the former default and our earlier ARNs leave the list as well.
 */
export function arrangementOf(
  listener: Listener,
  arn: string,
  superseded: readonly string[],
): Arrangement {
  const { position } = listener;
  const before = replacedDefault(listener, arn);
  const leaving = [...(before === null ? [] : [before]), ...superseded];
  const isListed = position === 'both' || (position === 'sni' && listener.default !== arn);
  return {
    default: position === 'sni' ? null : arn,
    listed: isListed ? [arn] : [],
    unlisted: leaving.filter((each) => each !== arn),
    mayMakeRoom: false,
  };
}

/** A change of a listener to `arn`, and its consequences. */
export type Rearrangement = {
  readonly wanted: Arrangement;
  /** ARNs that leave the list. */
  readonly leaving: readonly string[];
  /**
   * The certificate that its clients lose: the default, or else the one that leaves the list; null where nothing is lost.
   */
  readonly gone: string | null;
  /** The state of the listener after the change. */
  readonly after: Held;
};

/** `joins` is added to the list: another certificate of ours that was the default. */
export function rearrangementOf(
  listener: Listener,
  arn: string,
  { superseded, joins }: { readonly superseded: readonly string[]; readonly joins: string | null },
): Rearrangement {
  const alone = arrangementOf(listener, arn, superseded);
  const wanted = {
    ...alone,
    listed: joins === null ? alone.listed : [...alone.listed, joins],
    unlisted: alone.unlisted.filter((each) => each !== joins),
  };
  const leaving = [...new Set(listener.list)].filter((each) => wanted.unlisted.includes(each));
  const gone = replacedDefault(listener, arn) ?? leaving[0] ?? null;
  return { wanted, leaving, gone, after: heldAfter(listener, wanted) };
}

/** Returns the state of a listener after the change. */
export function heldAfter(held: Held, wanted: Arrangement): Held {
  const stays = held.list.filter((arn) => !wanted.unlisted.includes(arn));
  const joins = wanted.listed.filter((arn) => !stays.includes(arn));
  return { default: wanted.default ?? held.default, list: [...stays, ...joins] };
}

/** Returns the reverse of a change to `arn`: the removed certificate comes back before `arn` leaves. */
export function wayBackArrangement(
  position: Position,
  arn: string,
  previous: { readonly arn: string; readonly listed?: readonly string[] | undefined } | null,
): Arrangement {
  const listed = previous?.listed ?? [];
  switch (position) {
    case 'sni': {
      const back = previous ? [previous.arn, ...listed] : [];
      return { default: null, listed: [...new Set(back)], unlisted: [arn], mayMakeRoom: true };
    }
    case 'default':
      return { default: previous?.arn ?? null, listed, unlisted: [], mayMakeRoom: true };
    case 'both':
      return { default: previous?.arn ?? null, listed, unlisted: [arn], mayMakeRoom: true };
  }
}

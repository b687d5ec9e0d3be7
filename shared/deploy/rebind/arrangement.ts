import type { Arrangement, Held, Position } from '#shared/targets/target.ts';

type Listener = Held & { readonly position: Position };

/** The default that a change would replace; null where it only adds (SNI), or where `arn` is the default already. */
export function replacedDefault({ position, ...held }: Listener, arn: string | null) {
  return position === 'sni' || held.default === arn ? null : held.default;
}

/** Whether clients get `arn` there, as far as its position alone says. */
export function isBound({ position, ...held }: Listener, arn: string): boolean {
  if (held.default === arn) return true;
  return position === 'sni' && held.list.includes(arn);
}

/**
 * What a listener is to hold so that it serves `arn`, and nothing of what that replaces: a match in the list beats
 * the default, so what was the default, and ARNs of ours from before, leave the list as well.
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

/** A change of a listener to `arn`, and what follows from it. */
export type Rearrangement = {
  readonly wanted: Arrangement;
  /** Those of the list that leave it. */
  readonly leaving: readonly string[];
  /** What its clients lose: the default, or else what leaves the list; null where nothing goes. */
  readonly gone: string | null;
  /** What the listener will hold. */
  readonly after: Held;
};

/** `joins` is listed as well: another certificate of ours that was the default. */
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

/** What a listener will hold. */
export function heldAfter(held: Held, wanted: Arrangement): Held {
  const stays = held.list.filter((arn) => !wanted.unlisted.includes(arn));
  const joins = wanted.listed.filter((arn) => !stays.includes(arn));
  return { default: wanted.default ?? held.default, list: [...stays, ...joins] };
}

/** The reverse of a change to `arn`: what it took away comes back before `arn` goes. */
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

import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { placeKey } from '#shared/place.ts';
import type { Compared, Difference } from './difference.ts';
import { type Listener, listenersOf, positionOf, servedUntil, successorAt } from './listeners.ts';
import { day } from './when.ts';

/** What changes at the targets of a certificate that stays. */
export function targetDifferences(
  compared: Compared,
  { deployed, before, after }: Changed,
): readonly Difference[] {
  const old = listenersOf(compared, deployed, before);
  const next = listenersOf(compared, compared.wanted, after);
  const removed = old.filter(({ key }) => !next.some((each) => each.key === key));
  const added = next.filter(({ key }) => !old.some((each) => each.key === key));
  const { id } = after;
  const stays = (from: Listener) => leftBehind(compared, id, { from, next });
  const pairs = paired(removed, added);
  const target = { kind: 'target', certificates: [id], what: id } as const;
  return [
    ...pairs.map(
      ([from, to]): Difference =>
        from.listener === to.listener
          ? { ...target, sign: '~', ...changedAt(compared, from, to) }
          : {
              ...target,
              sign: '~',
              text: `${from.name} → ${to.name}`,
              effect: `the present certificate is bound at ${to.name} at the next check; ${stays(from)}`,
            },
    ),
    ...added
      .filter((each) => !pairs.some(([, to]) => to === each))
      .map(
        (to): Difference => ({
          ...target,
          sign: '+',
          text: `at ${to.name}${positionOf(to) === 'default' ? '' : `, ${positionOf(to)}`}`,
          effect: 'the present certificate is bound there at the next check, without an order',
        }),
      ),
    ...removed
      .filter((each) => !pairs.some(([from]) => from === each))
      .map(
        (from): Difference => ({
          ...target,
          sign: '-',
          text: `at ${from.name}`,
          effect: stays(from),
        }),
      ),
  ];
}

type Changed = {
  readonly deployed: Config;
  readonly before: CertificateConfig;
  readonly after: CertificateConfig;
};

/** The same listener with another position, and a single target that takes the place of a single one. */
function paired(
  removed: readonly Listener[],
  added: readonly Listener[],
): readonly (readonly [from: Listener, to: Listener])[] {
  const same = removed.flatMap((from) => {
    const to = added.find(({ listener }) => listener === from.listener);
    return to ? [[from, to] as const] : [];
  });
  const [from, ...others] = removed.filter((each) => !same.some(([one]) => one === each));
  const [to, ...further] = added.filter((each) => !same.some(([, one]) => one === each));
  const isMove = from && to && others.length === 0 && further.length === 0;
  return isMove ? [...same, [from, to]] : same;
}

function changedAt(compared: Compared, from: Listener, to: Listener) {
  const [before, after] = [storeOf(from), storeOf(to)];
  if (before === after) {
    return {
      text: `at ${to.name}: ${positionOf(from)} → ${positionOf(to)}`,
      effect: positionEffect(compared, from, to),
    };
  }
  return {
    text: `at ${to.name}: from ${before} → from ${after}`,
    effect: `the present certificate goes into ${after} and is bound from there at the next check`,
  };
}

function storeOf({ place }: Listener): string {
  return place.store ? 'IAM' : 'ACM';
}

/** Nothing is taken off the place that a certificate leaves: something must serve there. */
function positionEffect(compared: Compared, from: Listener, to: Listener): string {
  switch (positionOf(to)) {
    case 'sni': {
      const successor = successorAt(compared, from);
      return successor === null
        ? 'nothing changes while it is the default: bind another certificate there, and it joins the list'
        : `it joins the list, and ${successor} becomes the default`;
    }
    case 'both':
      return 'it gets the other place as well at the next check, without an order';
    default:
      return positionOf(from) === 'sni'
        ? 'it becomes the default at the next check, without an order, and stays in the list'
        : 'it stays in the list as well';
  }
}

/** Says what becomes of a listener that certkeep lets go. */
function leftBehind(
  compared: Compared,
  id: string,
  { from, next }: { readonly from: Listener; readonly next: readonly Listener[] },
): string {
  const successor = successorAt(compared, from);
  if (successor !== null) return `${successor} takes its place at ${from.name}`;
  const until = servedUntil(compared, id, from);
  const present = `${from.name} keeps the present certificate${until ? `, which ends on ${day(until)}` : ''}`;
  const sibling = next.find(({ place }) => placeKey(place) === placeKey(from.place));
  return sibling
    ? `${present}. A renewal reaches it only while it goes into the same ARN as at ${sibling.name}, and nobody proves that`
    : `${present}: nobody renews it there`;
}

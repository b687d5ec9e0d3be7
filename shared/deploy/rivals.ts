import type { KeyFamily } from '#shared/key-algorithm.ts';
import { type BalancerKind, type Choice, chosenFor, type ListenerHoldings } from './choice.ts';

/** A name of ours that another certificate answers for, or may. */
export type Rival = {
  /** As a client sends it. */
  readonly name: string;
  /** The certificates that do, or may. */
  readonly arns: readonly string[];
  /** Why AWS does not say which of them; null where it does. */
  readonly doubt: string | null;
};

export type Asking = {
  readonly kind: BalancerKind;
  readonly arn: string;
  /** As clients send them. */
  readonly names: readonly string[];
  /** Clients that can use another certificate only are not ours to serve. */
  readonly family: KeyFamily;
  readonly now: Date;
};

/** The names that clients of our key family get another certificate for than `arn`, or may get. */
export function rivalsIn(held: ListenerHoldings, asking: Asking): readonly Rival[] {
  return asking.names.flatMap((name): readonly Rival[] => {
    const choice = choiceFor(held, name, asking);
    if (choice.is === 'not-documented') {
      const arns = choice.among.filter((each) => each !== asking.arn);
      return [{ name, arns, doubt: choice.why }];
    }
    return choice.arn === asking.arn ? [] : [{ name, arns: [choice.arn], doubt: null }];
  });
}

/**
 * Whether a client gets another certificate for the name once the listener holds `after`; null where that is not
 * documented. Where `after` is null, `arn` stays there and holds an earlier version again.
 */
export function goingBackHelps(
  held: ListenerHoldings,
  after: ListenerHoldings | null,
  { name, ...asking }: Omit<Asking, 'names'> & { readonly name: string },
): boolean | null {
  const now = choiceFor(held, name, asking);
  if (now.is === 'not-documented') return null;
  if (after === null) return now.arn === asking.arn;
  const then = choiceFor(after, name, asking);
  return then.is === 'not-documented' ? null : then.arn !== now.arn;
}

function choiceFor(
  held: ListenerHoldings,
  serverName: string,
  { kind, family, now }: Omit<Asking, 'arn' | 'names'>,
): Choice {
  return chosenFor(kind, held, { serverName, families: [family] }, now);
}

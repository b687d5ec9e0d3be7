import type { KeyFamily } from '#shared/key-algorithm.ts';
import type { ChoiceRules } from '#shared/targets/target.ts';
import { type Choice, chosenFor, type ListenerHoldings } from './choice.ts';

/** One of our names for which another certificate answers, or may answer. */
export type Rival = {
  /** The name as a client sends it. */
  readonly name: string;
  /** The certificates that answer, or may answer. */
  readonly arns: readonly string[];
  /** The reason why AWS does not say which of them answers; null where it does. */
  readonly doubt: string | null;
};

export type Asking = {
  readonly kind: ChoiceRules;
  readonly arn: string;
  /** The names as clients send them. */
  readonly names: readonly string[];
  /** We do not serve clients that can only use another key family. */
  readonly family: KeyFamily;
  readonly now: Date;
};

/** Returns the names for which clients of our key family get another certificate than `arn`, or may get one. */
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
 * Says whether clients get another certificate for the name once the listener holds `after`; null where that is not
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

export type Change = {
  readonly before: ListenerHoldings;
  readonly after: ListenerHoldings;
  /** ARNs that leave the list with the change. */
  readonly leaving: readonly string[];
};

/**
 * Returns names whose certificate leaves the list, and that then only an expired certificate would serve, or nobody knows
 * which one: under a wildcard, somebody else may have listed a certificate for a name of their own.
 */
export function abandonedBy(change: Change, asking: Asking): readonly Rival[] {
  const all: readonly KeyFamily[] = ['ecdsa', 'rsa'];
  return asking.names.flatMap((name) => {
    const [rival] = [[asking.family], all].flatMap((families) =>
      abandonedTo(change, { ...asking, name, families }),
    );
    return rival ? [rival] : [];
  });
}

function abandonedTo(
  { before, after, leaving }: Change,
  { kind, arn, now, name, families }: Asking & { name: string; families: readonly KeyFamily[] },
): readonly Rival[] {
  const client = { serverName: name, families };
  const was = chosenFor(kind, before, client, now);
  const isServed = was.is === 'certificate' && leaving.includes(was.arn);
  if (!isServed || hasExpired(before, was.arn, now)) return [];
  const is = chosenFor(kind, after, client, now);
  if (is.is === 'not-documented') {
    return [{ name, arns: is.among.filter((each) => each !== arn), doubt: is.why }];
  }
  return hasExpired(after, is.arn, now) ? [{ name, arns: [is.arn], doubt: null }] : [];
}

function hasExpired({ list }: ListenerHoldings, arn: string, now: Date): boolean {
  const end = list.find((each) => each.arn === arn)?.notAfter;
  return end !== undefined && end !== null && end <= now;
}

function choiceFor(
  held: ListenerHoldings,
  serverName: string,
  { kind, family, now }: Omit<Asking, 'arn' | 'names'>,
): Choice {
  return chosenFor(kind, held, { serverName, families: [family] }, now);
}

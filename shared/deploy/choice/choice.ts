import type { KeyFamily } from '#shared/key-algorithm.ts';
import type { ChoiceRules } from '#shared/targets/target.ts';
import { isCovered } from './covered-names.ts';

/** The properties by which a load balancer chooses a certificate. Null is unknown, as for IAM server certificates. */
export type ChoiceCertificate = {
  readonly arn: string;
  readonly names: readonly string[] | null;
  readonly keyFamily: KeyFamily | null;
  readonly keyBits: number | null;
  /** The number of the hash in its signature: 256 for SHA-256, 1 for SHA-1, 0 for MD5. */
  readonly hashBits: number | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
};

/** The certificates of one listener. The default may also be in the list. */
export type ListenerHoldings = {
  readonly default: ChoiceCertificate | null;
  readonly list: readonly ChoiceCertificate[];
};

export type ChoiceClient = {
  /** The SNI that the client sends; null where it sends none. */
  readonly serverName: string | null;
  /** The key families that the client can use. */
  readonly families: readonly KeyFamily[];
};

export type Choice =
  | { readonly is: 'certificate'; readonly arn: string }
  /** AWS does not say which of `among` a client gets: only a handshake tells. */
  | { readonly is: 'not-documented'; readonly why: string; readonly among: readonly string[] };

/**
 * Predicts which certificate a client gets from a listener, as far as AWS documents it:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html. A match in the list beats
 * the default, and a single match is chosen whatever its age. It never guesses what is not documented.
 */
export function chosenFor(
  kind: ChoiceRules,
  held: ListenerHoldings,
  client: ChoiceClient,
  now: Date,
): Choice {
  const { serverName } = client;
  if (kind === 'single' || serverName === null) return standingIn(held.default, client);
  const list = withoutRepeats(held.list);
  const matches = list.filter(({ names }) => names !== null && isCovered(serverName, names));
  const perhaps = list.filter(({ names }) => names === null);
  const choice = amongMatches(kind, held.default, matches, client, now);
  if (perhaps.length === 0) return choice;
  // The unknown names of the default do not matter where it would not win even if they matched.
  const other = amongMatches(kind, held.default, [...matches, ...perhaps], client, now);
  if (choice.is === 'certificate' && other.is === 'certificate' && choice.arn === other.arn) {
    return choice;
  }
  const known = matches.length > 0 ? matches : inCase(held.default);
  return open('whether its names match is not known', [...perhaps, ...known]);
}

function amongMatches(
  kind: 'alb' | 'nlb',
  standard: ChoiceCertificate | null,
  matches: readonly ChoiceCertificate[],
  client: ChoiceClient,
  now: Date,
): Choice {
  const [first, ...others] = matches;
  if (!first) return standingIn(standard, client);
  if (matches.some(({ keyFamily }) => keyFamily === null)) {
    return open('what the key of a match is is not known', matches);
  }
  const usable = matches.filter((each) => isUsable(each, client));
  if (usable.length === 0) {
    const all = [...matches, ...inCase(standard)];
    return open('the client can use none of the matches', all);
  }
  return others.length === 0 ? certain(first) : best(kind, usable, now);
}

/** Reached only where no name was sent or nothing in the list matches. */
function standingIn(standard: ChoiceCertificate | null, client: ChoiceClient): Choice {
  if (!standard) return open('the listener has no default certificate', []);
  if (standard.keyFamily === null || isUsable(standard, client)) return certain(standard);
  return open('the client cannot use the default certificate', [standard]);
}

/** Applies the criteria in AWS's order. AWS does not say whether a longer or a shorter validity period wins. */
function best(kind: 'alb' | 'nlb', usable: readonly ChoiceCertificate[], now: Date): Choice {
  let left = usable;
  for (const criterion of criteria[kind]) {
    const better = left.length > 1 ? criterion(left, now) : left;
    if (better === null) return open('what they differ in is not documented', left);
    left = better;
  }
  const [only, ...others] = left;
  if (only && others.length === 0) return certain(only);
  return open('certificates of equal rank match', left);
}

/** Returns the preferred certificates; null where the preference is not documented, or not known. */
type Criterion = (
  among: readonly ChoiceCertificate[],
  now: Date,
) => readonly ChoiceCertificate[] | null;

const ecdsaFirst = highest(({ keyFamily }) => Number(keyFamily === 'ecdsa'));
const notExpired = highest(({ notAfter }, now) => notAfter && Number(notAfter > now));
const highestSha = highest(({ hashBits }) => hashBits);
const anySha = highest(({ hashBits }) => hashBits && 1);
const longestKey = highest(({ keyBits }) => keyBits);

const criteria: Readonly<Record<'alb' | 'nlb', readonly Criterion[]>> = {
  alb: [ecdsaFirst, notExpired, highestSha, longestKey],
  // Network Load Balancers do not check *not expired*, and treat all SHA hashes alike.
  nlb: [ecdsaFirst, anySha, ofOneHash, longestKey],
};

function highest(rank: (each: ChoiceCertificate, now: Date) => number | null): Criterion {
  return (among, now) => {
    const ranks = among.map((each) => rank(each, now));
    const known = ranks.filter((each) => each !== null);
    if (known.length < ranks.length) return null;
    return among.filter((_, index) => ranks[index] === Math.max(...known));
  };
}

function ofOneHash(among: readonly ChoiceCertificate[]): readonly ChoiceCertificate[] | null {
  return new Set(among.map(({ hashBits }) => hashBits)).size === 1 ? among : null;
}

function isUsable({ keyFamily }: ChoiceCertificate, { families }: ChoiceClient): boolean {
  return keyFamily !== null && families.includes(keyFamily);
}

function inCase(standard: ChoiceCertificate | null): readonly ChoiceCertificate[] {
  return standard ? [standard] : [];
}

function withoutRepeats(list: readonly ChoiceCertificate[]): readonly ChoiceCertificate[] {
  return list.filter((each, index) => list.findIndex(({ arn }) => arn === each.arn) === index);
}

function certain({ arn }: ChoiceCertificate): Choice {
  return { is: 'certificate', arn };
}

function open(why: string, among: readonly ChoiceCertificate[]): Choice {
  return { is: 'not-documented', why, among: among.map(({ arn }) => arn) };
}

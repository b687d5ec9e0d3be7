import { CertkeepError } from '#shared/errors.ts';
import type { TxtSet, TxtSwap } from './client.ts';

/** From what is at a name and values of ours, quoted, to what has to be changed. */
export type Merge = (
  name: string,
  found: readonly TxtSet[],
  values: readonly string[],
) => readonly TxtSwap[];

/** For sets of our own; one that others began keeps its own. CAs ask the zone's servers, past any cache. */
const ttlSeconds = 30;

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html */
const mostAnswered = 8;

/** What ours looks like where nobody else is: the first guess, which costs no look. */
export function ownSet(name: string, values: readonly string[]): TxtSet {
  return { name, ttlSeconds, values: [...new Set(values)], routing: 'plain' };
}

/**
 * Also where every value is there already: the change that put it may still be spreading and its id be
 * lost with an earlier run, and a change made now is in sync only after it.
 *
 * Values of ours share one plain set, which has room for hundreds. Where others keep a set for each value, as
 * cert-manager does, Route 53 takes no plain one beside them, and ours are sets alike.
 */
export const withValues: Merge = (name, found, values) => {
  if (found.some(({ routing }) => routing === 'other')) {
    throw new CertkeepError(
      'DnsChangeRefused',
      `${name} has TXT record sets that Route 53 chooses among (weighted, by latency or the like); remove them or delegate the name to a zone of its own`,
    );
  }
  const [plain] = found.filter(({ routing }) => routing === 'plain');
  if (plain || found.length === 0) {
    const before = plain ?? ownSet(name, []);
    const merged = [...new Set([...before.values, ...values])];
    return [{ before: plain ?? null, after: { ...before, values: merged } }];
  }
  return besideOthers(name, found, values);
};

function besideOthers(name: string, found: readonly TxtSet[], values: readonly string[]) {
  const swaps = [...new Set(values)].map((value) => {
    const before = found.find((set) => isOnly(set, value)) ?? null;
    return {
      before,
      after: before ?? { ...ownSet(name, [value]), routing: { multivalue: bare(value) } },
    };
  });
  const added = swaps.filter(({ before }) => before === null).length;
  if (found.length + added > mostAnswered) {
    throw new CertkeepError(
      'DnsChangeRefused',
      `${name} has ${found.length} multivalue TXT record sets, of which Route 53 answers with at most ${mostAnswered}; remove what is left over of them`,
    );
  }
  return swaps;
}

/** Takes away exactly these values. */
export const withoutValues: Merge = (_name, found, values) =>
  found.flatMap((set) => {
    const left = set.values.filter((value) => !values.includes(value));
    if (left.length === set.values.length || set.routing === 'other') return [];
    return [{ before: set, after: left.length > 0 ? { ...set, values: left } : null }];
  });

function isOnly({ values }: TxtSet, value: string): boolean {
  return values.length === 1 && values[0] === value;
}

/** Identifiers are the value itself, as cert-manager has it: nobody else's set is ever meant. */
function bare(value: string): string {
  return value.replaceAll('"', '');
}

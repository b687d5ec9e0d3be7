import { CertkeepError } from '#shared/errors.ts';
import type { TxtSet, TxtSwap } from './client.ts';

/** Turns the sets at a name and our quoted values into the swap that is needed. */
export type Merge = (
  name: string,
  found: readonly TxtSet[],
  values: readonly string[],
) => readonly TxtSwap[];

/** The TTL of our own sets; a set that somebody else created keeps its own. CAs ask the zone's servers, so no cache delays them. */
const ttlSeconds = 30;

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html */
const mostAnswered = 8;

/** Our set where nobody else has one: the first guess, which needs no lookup. */
export function ownSet(name: string, values: readonly string[]): TxtSet {
  return { name, ttlSeconds, values: [...new Set(values)], routing: 'plain' };
}

/**
 * Also writes when every value is there already: the change that put it may still be spreading while its id was lost with
 * an earlier run, and a change made now is in sync only after that one.
 *
 * Our values share one plain set, which has room for hundreds. Where others keep one set per value, as cert-manager does,
 * Route 53 allows no plain set beside them, so we do the same.
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

/** Removes exactly these values. */
export const withoutValues: Merge = (_name, found, values) =>
  found.flatMap((set) => {
    const left = set.values.filter((value) => !values.includes(value));
    if (left.length === set.values.length || set.routing === 'other') return [];
    return [{ before: set, after: left.length > 0 ? { ...set, values: left } : null }];
  });

function isOnly({ values }: TxtSet, value: string): boolean {
  return values.length === 1 && values[0] === value;
}

/** The identifier of a set is its value, as in cert-manager, so a swap never touches a set of somebody else. */
function bare(value: string): string {
  return value.replaceAll('"', '');
}

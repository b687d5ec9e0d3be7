import { getDomain } from 'tldts';
import { addMs, type Clock, dayMs, hourMs, secondMs } from '../clock.ts';
import type { Account, Book, Order } from './book.ts';
import { AcmeRefusal, problem } from './problem.ts';
import { isInWindow } from './renewal-info.ts';

/** `count` at once, refilled evenly within `perMs`. */
type CaLimit = { readonly count: number; readonly perMs: number };

/** https://letsencrypt.org/docs/rate-limits/, as Boulder enforces them. */
export type CaLimits = {
  readonly orders?: CaLimit;
  readonly certificatesPerDomain?: CaLimit;
  readonly certificatesPerNames?: CaLimit;
  readonly failuresPerName?: CaLimit;
};

export type Limiter = {
  /** Refuses an order over a limit with 429. */
  admit(order: Pick<Order, 'account' | 'names' | 'replaces'>): void;
  ordered(order: Order): void;
  issued(order: Order): void;
  failed(account: Account, name: string): void;
  /** The number of refused orders. */
  refusals(): number;
};

type Counted = { readonly key: string; readonly limit: CaLimit | undefined; readonly what: string };

/** An order for the same names within this time is a renewal. */
const renewalMs = 120 * dayMs;

/** Token buckets that refill as time passes. A renewal in the window that the CA suggested is not counted. */
export function limiter(book: Book, limits: CaLimits, clock: Pick<Clock, 'now'>): Limiter {
  const buckets = new Map<string, { left: number; at: number }>();
  const spared = new Map<Order, 'advised' | 'renewal'>();
  let refusals = 0;

  function filled(key: string, { count, perMs }: CaLimit) {
    const now = clock.now().getTime();
    const bucket = buckets.get(key) ?? { left: count, at: now };
    buckets.set(key, bucket);
    bucket.left = Math.min(count, bucket.left + ((now - bucket.at) / perMs) * count);
    bucket.at = now;
    return bucket;
  }

  function take({ key, limit }: Counted): void {
    if (limit) filled(key, limit).left -= 1;
  }

  function check({ key, limit, what }: Counted): void {
    const left = limit ? filled(key, limit).left : 1;
    if (!limit || left >= 1 - tiny) return;
    refusals += 1;
    const seconds = Math.ceil(((1 - left) * limit.perMs) / limit.count / secondMs);
    const time = addMs(clock.now(), seconds * secondMs).toISOString();
    const when = `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
    const detail = `too many ${what} in the last ${limit.perMs / hourMs}h0m0s, retry after ${when}`;
    throw new AcmeRefusal(problem('rateLimited', detail), { 'retry-after': String(seconds) });
  }

  function kindOf(names: readonly string[], replaces: string | null): 'advised' | 'renewal' | null {
    const now = clock.now();
    if (replaces !== null && isInWindow(book, replaces, now)) return 'advised';
    const isSame = [...book.orders.values()].some(
      (order) =>
        order.certificate &&
        addMs(order.certificate.readyAt, renewalMs) > now &&
        setKey(order.names) === setKey(names),
    );
    return isSame ? 'renewal' : null;
  }

  const ofAccount = (account: Account): Counted => ({
    key: `orders ${account.url}`,
    limit: limits.orders,
    what: `new orders (${limits.orders?.count}) from this account`,
  });
  const ofDomains = (names: readonly string[]): readonly Counted[] =>
    [...new Set(names.map(domainOf))].map((domain) => ({
      key: `domain ${domain}`,
      limit: limits.certificatesPerDomain,
      what: `certificates (${limits.certificatesPerDomain?.count}) already issued for "${domain}"`,
    }));
  const ofNames = (names: readonly string[]): Counted => ({
    key: `names ${setKey(names)}`,
    limit: limits.certificatesPerNames,
    what: `certificates (${limits.certificatesPerNames?.count}) already issued for this exact set of identifiers`,
  });
  const ofFailures = (account: Account, name: string): Counted => ({
    key: `failures ${account.url} ${hostOf(name)}`,
    limit: limits.failuresPerName,
    what: `failed authorizations (${limits.failuresPerName?.count}) for "${hostOf(name)}"`,
  });

  return {
    admit({ account, names, replaces }) {
      const kind = kindOf(names, replaces);
      if (kind === 'advised') return;
      for (const name of names) check(ofFailures(account, name));
      if (kind === null) [ofAccount(account), ...ofDomains(names)].forEach(check);
      check(ofNames(names));
    },
    ordered(order) {
      const kind = kindOf(order.names, order.replaces);
      if (kind) spared.set(order, kind);
      else take(ofAccount(order.account));
    },
    issued(order) {
      const kind = spared.get(order);
      if (kind !== 'advised') take(ofNames(order.names));
      if (!kind) ofDomains(order.names).forEach(take);
    },
    failed: (account, name) => take(ofFailures(account, name)),
    refusals: () => refusals,
  };
}

const tiny = 1e-9;

function hostOf(name: string): string {
  return name.replace(/^\*\./, '');
}

function domainOf(name: string): string {
  return getDomain(hostOf(name), { allowPrivateDomains: true }) ?? hostOf(name);
}

function setKey(names: readonly string[]): string {
  return [...names].sort().join();
}

import { isTooLongFor } from '#shared/acquire/renewal/renewal-time.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { readBooks } from '#shared/rate-limits/books.ts';
import { freeAt } from '#shared/rate-limits/bucket.ts';
import type { Buckets, BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { limitText } from '#shared/rate-limits/texts.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Needs } from '../dispatch/pieces-of.ts';
import type { WantedOrder } from './candidate.ts';
import { planOrders } from './order-schedule.ts';

type AdmitPorts = {
  readonly budgetBook: Pick<BudgetBook, 'read'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

export type Admitted = {
  /** The needs, with the issues that the CAs' limits allow. */
  readonly needs: readonly Needs[];
  /** For the other certificates, the limit that each waits for. */
  readonly waits: ReadonlyMap<string, string>;
};

/**
 * Decides which orders fit into the limits of the CAs now, the most urgent first; the others wait for a later check. Issue
 * counts again itself, so that concurrent runs do no harm.
 */
export async function admit(ports: AdmitPorts, needs: readonly Needs[]): Promise<Admitted> {
  const orders = needs.flatMap(({ order }) => order ?? []);
  if (orders.length === 0) return { needs, waits: new Map() };
  const now = ports.clock.now();
  const books = await booksOf(ports, orders);
  const waits = new Map<string, string>();
  for (const { candidate, at, waitsFor } of planOrders(orders, books, { now, until: now })) {
    if (at !== null || isHandedOver(candidate, books, now)) continue;
    const until = waitsFor?.until.toISOString() ?? 'later';
    const what = waitsFor ? limitText(waitsFor.charge) : 'the limits of its CA';
    waits.set(candidate.certificate, `${what} are as good as used up until ${until}`);
  }
  return { needs: needs.filter(({ certificate }) => !waits.has(certificate)), waits };
}

/**
 * An order that its CA would not take in time is sent all the same: issue finds the limit used up, and takes the next
 * issuer.
 */
function isHandedOver(
  { charges, directory, endsAt, hasOtherIssuers }: WantedOrder,
  books: ReadonlyMap<string, Buckets>,
  now: Date,
): boolean {
  const buckets = books.get(directory) ?? {};
  const ends = charges.map(({ key, limit }) => freeAt(buckets[key], limit, now));
  return hasOtherIssuers && ends.some((until) => until > now && isTooLongFor(endsAt, until, now));
}

async function booksOf(
  { budgetBook, log }: AdmitPorts,
  orders: readonly WantedOrder[],
): Promise<ReadonlyMap<string, Buckets>> {
  try {
    return await readBooks(budgetBook, orders);
  } catch (error) {
    const fields = { outcome: errorName(error), reason: errorMessage(error) };
    log.warn('limits not known: everything is sent', { stage: 'check', ...fields });
    return new Map();
  }
}

import type { Clock } from '#shared/clock.ts';
import { eachOf } from '#shared/each.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import { isTooLongFor } from '../renewal-time.ts';
import type { CheckLine } from '../send-due.ts';
import { readBooks } from './books.ts';
import { freeAt } from './bucket.ts';
import type { Buckets, BudgetBook } from './budget-book.ts';
import { type Candidate, planOrders } from './plan.ts';
import { limitText } from './texts.ts';

/** An order that the limits of its CA may have to wait for. */
export type WantedOrder = Candidate & {
  readonly reason: string;
  readonly send: () => Promise<void>;
  /** Whether another issuer could take the place of the one that it would ask. */
  readonly hasOtherIssuers: boolean;
};

type AdmitPorts = {
  readonly budgetBook: Pick<BudgetBook, 'read'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

/**
 * Sends the orders that fit into the limits of the CAs now, the most urgent first; the others wait for a
 * later check. Issue counts for itself once more, so that runs side by side do no harm.
 * @throws AggregateError of what could not be sent
 */
export async function admit(
  ports: AdmitPorts,
  orders: readonly WantedOrder[],
): Promise<readonly CheckLine[]> {
  if (orders.length === 0) return [];
  const now = ports.clock.now();
  const books = await booksOf(ports, orders);
  const planned = planOrders(orders, books, { now, until: now }).map((each) => ({
    ...each,
    goes: each.at !== null || isHandedOver(each.candidate, books, now),
  }));
  const admitted = planned.filter(({ goes }) => goes);
  const sideBySide = { concurrency: 32, failure: 'orders could not be sent' };
  await eachOf(admitted, sideBySide, ({ candidate }) => candidate.send());
  return planned.map(({ candidate: { certificate, reason }, goes, waitsFor }): CheckLine => {
    const action = goes ? 'issue' : 'wait';
    if (!waitsFor) return { certificate, action, reason };
    const { charge, until } = waitsFor;
    const why = `${limitText(charge)} are as good as used up until ${until.toISOString()}`;
    return { certificate, action, reason: `${reason}; ${why}` };
  });
}

/** What its CA would not take in time goes all the same: issue finds the limit used up, and takes the next issuer. */
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

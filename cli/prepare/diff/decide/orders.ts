import { reasonToIssue } from '#shared/acquire/renewal/rules.ts';
import { candidateOf, urgencyOf, type WantedOrder } from '#shared/check/orders/candidate.ts';
import { planOrders } from '#shared/check/orders/order-schedule.ts';
import { left } from '#shared/rate-limits/bucket.ts';
import type { Buckets } from '#shared/rate-limits/budget-book.ts';
import { type Charge, countsAt } from '#shared/rate-limits/charges.ts';
import { limitText } from '#shared/rate-limits/texts.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { Differences } from './differences.ts';

/** What the orders of the file take at one CA. */
export type OrdersAtIssuer = {
  readonly issuer: string;
  readonly certificates: readonly string[];
  /** What they take of each limit that certkeep knows of the CA, the tightest first. */
  readonly limits: readonly TakenLimit[];
  /** When the last of them is made, as far as the limits allow; null where that is more than thirty days ahead. */
  readonly lastAt: Date | null;
};

export type TakenLimit = {
  /** `50 certificates for names below example.com in 7 days`. */
  readonly limit: string;
  readonly count: number;
  readonly takes: number;
  readonly leftBefore: number;
  /** Below zero where there are not enough. */
  readonly leftAfter: number;
};

const plannedDays = 30;

/** Returns the orders that the file causes, from the issuers that they would ask. */
export function wantedOrders({ causes }: Differences): readonly WantedOrder[] {
  return causes.map(({ order, situation }) => {
    const reason = reasonToIssue(situation);
    const urgency = reason ? urgencyOf(reason) : 'wanted';
    return candidateOf(situation, { urgency, from: order.heldUntil ?? situation.now });
  });
}

/** Adds them up by CA, beside what its limits have left. Pure. */
export function ordersByIssuer(
  orders: readonly WantedOrder[],
  books: ReadonlyMap<string, Buckets>,
  now: Date,
): readonly OrdersAtIssuer[] {
  const planned = planOrders(orders, books, { now, until: addMs(now, plannedDays * dayMs) });
  return [...Map.groupBy(orders, ({ issuer }) => issuer)].map(([issuer, own]) => {
    const times = planned
      .filter(({ candidate }) => candidate.issuer === issuer)
      .map(({ at }) => at?.getTime() ?? Number.POSITIVE_INFINITY);
    const last = Math.max(...times);
    return {
      issuer,
      certificates: own.map(({ certificate }) => certificate),
      limits: takenOf(own, books, now),
      lastAt: Number.isFinite(last) ? new Date(last) : null,
    };
  });
}

function takenOf(
  orders: readonly WantedOrder[],
  books: ReadonlyMap<string, Buckets>,
  now: Date,
): readonly TakenLimit[] {
  const charges = orders.flatMap(({ charges: own, directory }) =>
    own
      .filter((charge) => countsAt(charge) !== 'failure')
      .map((charge) => ({ charge, buckets: books.get(directory) ?? {} })),
  );
  return [...Map.groupBy(charges, ({ charge }) => charge.key).values()]
    .flatMap(([first, ...others]) =>
      first ? [takenLimit(first.charge, first.buckets, others.length + 1, now)] : [],
    )
    .toSorted((one, other) => one.leftAfter / one.count - other.leftAfter / other.count);
}

function takenLimit(charge: Charge, buckets: Buckets, takes: number, now: Date): TakenLimit {
  const { key, limit } = charge;
  const leftBefore = left(buckets[key], limit, now);
  const { count } = limit;
  return { limit: limitText(charge), count, takes, leftBefore, leftAfter: leftBefore - takes };
}

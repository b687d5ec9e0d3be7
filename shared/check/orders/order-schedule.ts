import { afterOne, type Bucket, freeAt } from '#shared/rate-limits/bucket.ts';
import type { Buckets } from '#shared/rate-limits/budget-book.ts';
import { type Charge, countsAt, keptBackOf } from '#shared/rate-limits/charges.ts';
import { minuteMs } from '#shared/time/clock.ts';

/** An order that waits to be made. */
export type Candidate = {
  readonly certificate: string;
  /** The issuer's directory: the charges are taken from its buckets. */
  readonly directory: string;
  readonly charges: readonly Charge[];
  readonly urgency: Urgency;
  /** The end of the certificate in service; null where there is none. */
  readonly endsAt: string | null;
  /** The time from which it is wanted. */
  readonly from: Date;
};

/** `urgent` may use up the reserve that is kept back from the others. */
export type Urgency = 'urgent' | 'wanted' | 'routine';

export type Planned<C extends Candidate = Candidate> = {
  readonly candidate: C;
  /** Null where its turn does not come before `until`. */
  readonly at: Date | null;
  /** The limit that it waits or waited for, the one that frees last, and the earliest time of that. */
  readonly waitsFor: { readonly charge: Charge; readonly until: Date } | null;
};

/** The approximate interval of check. */
const tickMs = 10 * minuteMs;
const ranks = { urgent: 0, wanted: 1, routine: 2 } as const;

/**
 * Plans when each order is made, so that no limit of a CA is hit: the most urgent first, then those that end first. Pure:
 * check acts on the orders planned for `now`, and the forecast shows all of them.
 */
export function planOrders<C extends Candidate>(
  candidates: readonly C[],
  booked: ReadonlyMap<string, Buckets>,
  { now, until }: { readonly now: Date; readonly until: Date },
): readonly Planned<C>[] {
  const bucketOf = sharedBuckets(booked);
  const planned: Planned<C>[] = [];
  let waiting = candidates.toSorted(byNeed).map((candidate): Waiting<C> => {
    const { charges, directory, from, urgency } = candidate;
    const takes = charges.map((charge) => ({
      charge,
      bucket: bucketOf(directory, charge.key),
      reserve: urgency === 'urgent' ? 0 : keptBackOf(charge),
    }));
    return { candidate, takes, lookAt: from.getTime(), waitsFor: null };
  });
  for (let tick = now.getTime(); waiting.length > 0 && tick <= until.getTime(); ) {
    // Planned orders only empty the buckets further: nothing is free before the time computed earlier.
    waiting = waiting.filter((each) => each.lookAt > tick || !goesAt(each, new Date(tick)));
    const next = waiting.reduce((first, { lookAt }) => Math.min(first, lookAt), Infinity);
    tick = now.getTime() + Math.ceil((next - now.getTime()) / tickMs) * tickMs;
  }
  const late = waiting.map(({ candidate, waitsFor }) => ({ candidate, at: null, waitsFor }));
  return [...planned, ...late];

  function goesAt(each: Waiting<C>, at: Date): boolean {
    const late = lastToBeFree(each, at);
    if (late) {
      each.lookAt = late.until.getTime();
      each.waitsFor = late;
      return false;
    }
    for (const { charge, bucket } of each.takes) {
      if (countsAt(charge) !== 'failure') bucket.fullAt = afterOne(bucket.fullAt, charge.limit, at);
    }
    planned.push({ candidate: each.candidate, at, waitsFor: each.waitsFor });
    return true;
  }
}

type Waiting<C extends Candidate> = {
  readonly candidate: C;
  readonly takes: readonly {
    readonly charge: Charge;
    readonly bucket: SharedBucket;
    readonly reserve: number;
  }[];
  /** The earliest time; ms since 1970. */
  lookAt: number;
  waitsFor: Planned<C>['waitsFor'];
};

/** One bucket for all orders that take from it. */
type SharedBucket = { fullAt: Bucket };

function sharedBuckets(booked: ReadonlyMap<string, Buckets>) {
  const shared = new Map<string, SharedBucket>();
  return (directory: string, key: string): SharedBucket => {
    const name = `${directory} ${key}`;
    const bucket = shared.get(name) ?? { fullAt: booked.get(directory)?.[key] };
    shared.set(name, bucket);
    return bucket;
  };
}

function lastToBeFree({ takes }: Waiting<Candidate>, at: Date): Planned['waitsFor'] {
  let last: Charge | null = null;
  // Called millions of times for a month of ten thousand orders, and dates are slow to compare.
  let untilMs = at.getTime();
  for (const { charge, bucket, reserve } of takes) {
    const freeMs = freeAt(bucket.fullAt, charge.limit, at, reserve).getTime();
    if (freeMs <= untilMs) continue;
    last = charge;
    untilMs = freeMs;
  }
  return last && { charge: last, until: new Date(untilMs) };
}

function byNeed(one: Candidate, other: Candidate): number {
  return (
    ranks[one.urgency] - ranks[other.urgency] ||
    compare(one.endsAt ?? '', other.endsAt ?? '') ||
    compare(one.certificate, other.certificate)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

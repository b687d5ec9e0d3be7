import { addMs, minuteMs } from '#shared/clock.ts';
import { afterOne, freeAt, type Limit } from './bucket.ts';
import type { Buckets } from './budget-book.ts';
import { type Charge, countsAt } from './charges.ts';

/** An order that somebody wants to make. */
export type Candidate = {
  readonly certificate: string;
  /** Of the issuer: whose buckets the charges are taken from. */
  readonly directory: string;
  readonly charges: readonly Charge[];
  readonly urgency: Urgency;
  /** Of the certificate in service; null where there is none. */
  readonly endsAt: string | null;
  /** When it is wanted. */
  readonly from: Date;
};

/** `urgent` may use up what is kept back from the others. */
export type Urgency = 'urgent' | 'wanted' | 'routine';

export type Planned<C extends Candidate = Candidate> = {
  readonly candidate: C;
  /** Null where it does not come to it before `until`. */
  readonly at: Date | null;
  /** What it waits for, or has waited for, and until when at least: the limit that frees last. */
  readonly waitsFor: { readonly charge: Charge; readonly until: Date } | null;
};

/** About how often check looks. */
const tickMs = 10 * minuteMs;
const ranks = { urgent: 0, wanted: 1, routine: 2 } as const;
/** What is kept back for those that cannot wait, of limits that are large enough to have a tenth. */
const keptBack = 1 / 10;

/**
 * Which orders go when, so that no limit of a CA is hit: the most urgent first, then those that end first.
 * Pure, for check, which acts on what goes at `now`, and for whoever wants to see it beforehand.
 */
export function planOrders<C extends Candidate>(
  candidates: readonly C[],
  booked: ReadonlyMap<string, Buckets>,
  { now, until }: { readonly now: Date; readonly until: Date },
): readonly Planned<C>[] {
  const buckets = new Map<string, number>();
  for (const [directory, book] of booked) {
    for (const [key, fullAt] of Object.entries(book)) {
      if (fullAt !== undefined) buckets.set(`${directory} ${key}`, fullAt);
    }
  }
  const planned: Planned<C>[] = [];
  const blocked = new Map<C, Planned<C>['waitsFor']>();
  let waiting = candidates.toSorted(byNeed);
  for (let tick = now; waiting.length > 0 && tick <= until; ) {
    const looks = waiting.map((candidate) => look(candidate, tick));
    waiting = looks.filter(({ at }) => at === null).map(({ candidate }) => candidate);
    planned.push(...looks.filter(({ at }) => at !== null));
    const next = Math.min(...looks.filter(({ at }) => at === null).map(nextLook));
    if (next > until.getTime()) {
      planned.push(...looks.filter(({ at }) => at === null));
      return planned;
    }
    tick = addMs(now, Math.ceil((next - now.getTime()) / tickMs) * tickMs);
  }
  return planned;

  function look(candidate: C, tick: Date): Planned<C> {
    const { charges, directory, from, urgency } = candidate;
    const waits = charges
      .map((charge) => ({ charge, until: freeAt(...bucketOf(charge), tick, reserve(charge)) }))
      .filter((wait) => wait.until > tick)
      .toSorted((one, other) => +other.until - +one.until);
    const waitsFor = waits[0] ?? null;
    if (waitsFor) blocked.set(candidate, waitsFor);
    if (waitsFor || from > tick) return { candidate, at: null, waitsFor };
    for (const charge of charges) {
      if (countsAt(charge) === 'failure') continue;
      buckets.set(`${directory} ${charge.key}`, afterOne(...bucketOf(charge), tick));
    }
    return { candidate, at: tick, waitsFor: blocked.get(candidate) ?? null };

    function bucketOf({ key, limit }: Charge): [number | undefined, Limit] {
      return [buckets.get(`${directory} ${key}`), limit];
    }

    function reserve(charge: Charge): number {
      return urgency === 'urgent' ? 0 : keptBackOf(charge);
    }
  }
}

/** Only of what all certificates of an account or a domain share. */
export function keptBackOf({ kind, limit }: Charge): number {
  const isShared = kind === 'orders' || kind === 'certificatesPerDomain';
  return isShared ? Math.floor(limit.count * keptBack) : 0;
}

function nextLook({ candidate, waitsFor }: Planned): number {
  return Math.max(+candidate.from, +(waitsFor?.until ?? 0));
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

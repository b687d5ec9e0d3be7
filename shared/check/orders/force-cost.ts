import { CertkeepError } from '#shared/errors.ts';
import { afterOne, left } from '#shared/rate-limits/bucket.ts';
import type { Buckets } from '#shared/rate-limits/budget-book.ts';
import { countsAt } from '#shared/rate-limits/charges.ts';
import { costText, limitText } from '#shared/rate-limits/texts.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Candidate } from './order-schedule.ts';

/** The charges of a forced certificate to the limits of its CA. */
export type Cost = { readonly certificate: string; readonly takes: readonly string[] };

/**
 * Returns the cost of forcing all of these together.
 * @throws CertkeepError ForceTooCostly where a limit is used up, or would be: the last order is for a renewal that cannot
 * wait
 */
export function costOfForce(
  candidates: readonly Candidate[],
  booked: ReadonlyMap<string, Buckets>,
  { clock, overrides }: { readonly clock: Pick<Clock, 'now'>; readonly overrides: boolean },
): readonly Cost[] {
  const now = clock.now();
  const books = new Map(booked);
  const problems: string[] = [];
  const costs = candidates.map(({ certificate, charges, directory }): Cost => {
    const takes: string[] = [];
    for (const charge of charges) {
      const buckets = books.get(directory) ?? {};
      const isTaken = countsAt(charge) !== 'failure';
      const remaining = left(buckets[charge.key], charge.limit, now);
      if (remaining < 1) problems.push(`${certificate}: ${limitText(charge)} are used up`);
      else if (isTaken && remaining === 1) {
        problems.push(`${certificate}: it takes the last of ${limitText(charge)}`);
      }
      if (!isTaken) continue;
      const bucket = afterOne(buckets[charge.key], charge.limit, now);
      const taken = { ...buckets, [charge.key]: bucket };
      books.set(directory, taken);
      takes.push(costText(charge, taken, now));
    }
    return { certificate, takes };
  });
  if (problems.length === 0 || overrides) return costs;
  throw new CertkeepError('ForceTooCostly', problems.join('; '));
}

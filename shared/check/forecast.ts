import { configurationOf } from '#shared/acquire/configuration.ts';
import { decideIssue } from '#shared/acquire/decide.ts';
import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import { heldUntil, reasonToIssue, type Situation } from '#shared/acquire/renewal/rules.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { inBatches } from '#shared/each.ts';
import { errorMessage } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { emptyRecord } from '#shared/ledger/record/record.ts';
import { readBooks } from '#shared/rate-limits/books.ts';
import type { BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { limitText } from '#shared/rate-limits/texts.ts';
import { addMs, type Clock, dayMs } from '#shared/time/clock.ts';
import { candidateOf, urgencyOf } from './orders/candidate.ts';
import { type Candidate, type Planned, planOrders } from './orders/order-schedule.ts';

type PlanPorts = {
  readonly config: Config;
  readonly ledger: Pick<Ledger, 'read'>;
  readonly budgetBook: Pick<BudgetBook, 'read'>;
  readonly clock: Pick<Clock, 'now'>;
};

/** A future order. Times are ISO 8601. */
export type PlanLine = {
  readonly certificate: string;
  readonly issuer: string;
  readonly reason: string;
  /** The time at which it would be made if the CA had no limits. */
  readonly wanted: string;
  /** Its turn; null where that comes after the forecast's days. */
  readonly planned: string | null;
  /** The limit that it waits for. */
  readonly waitsFor: string | null;
  /** True if the certificate in service ends before. */
  readonly isLate: boolean;
};

type Wanted = Candidate & { readonly issuer: string; readonly reason: string };

/** As many requests as S3 answers concurrently in tens of milliseconds. */
const atOnce = 32;

/**
 * Lists the next order of each certificate within this many days, in its turn, as the limits of the CAs allow. It writes
 * nothing.
 */
export async function plan(
  { config, ledger, budgetBook, clock }: PlanPorts,
  { days }: { readonly days: number },
): Promise<readonly PlanLine[]> {
  const now = clock.now();
  const until = addMs(now, days * dayMs);
  const unread: PlanLine[] = [];
  const found = await inBatches(config.certificates, atOnce, async (certificate) => {
    try {
      const record = (await ledger.read(certificate.id)) ?? emptyRecord(certificate.id, now);
      return wantedOrder(config, { certificate, issuers: config.issuers, record, now }, until);
    } catch (error) {
      unread.push(unreadLine(certificate, error, now));
      return null;
    }
  });
  const orders = found.filter((order) => order !== null);
  const books = await readBooks(budgetBook, orders);
  const planned = planOrders(orders, books, { now, until });
  return [...planned.map((each) => lineOf(each, until)), ...unread].toSorted(byTime);
}

function wantedOrder(config: Config, situation: Situation, until: Date): Wanted | null {
  const { certificate, record, now } = situation;
  const configuration = configurationOf(config, certificate);
  const decision = decideIssue({ ...situation, configuration });
  const wanted = (from: Date, reason = reasonToIssue({ ...situation, now: from })): Wanted => ({
    ...candidateOf(situation, { urgency: reason ? urgencyOf(reason) : 'routine', from }),
    reason: reason?.text ?? 'renewal',
  });
  switch (decision.action) {
    case 'begin':
    case 'put-off':
      return wanted(now, decision.reason);
    case 'resume':
      return decision.attempt.orderUrl ? null : wanted(now);
    case 'wait':
      return record.attempt?.orderUrl || decision.until > until ? null : wanted(decision.until);
    case 'clean-up':
    case 'none': {
      const start = nextRenewal(situation);
      return start && start <= until ? wanted(start) : null;
    }
  }
}

function nextRenewal({ certificate, record, ...others }: Situation): Date | null {
  const start = nextStart(record, certificate);
  if (!start) return null;
  if (start > others.now) return start;
  const situation = { ...others, certificate, record };
  const reason = reasonToIssue(situation);
  return (reason && heldUntil(reason, situation)) ?? others.now;
}

/** One unreadable record does not hide the others. */
function unreadLine({ id, issuers }: CertificateConfig, error: unknown, now: Date): PlanLine {
  return {
    certificate: id,
    issuer: issuers[0] ?? '',
    reason: `not planned: ${errorMessage(error)}`,
    wanted: now.toISOString(),
    planned: null,
    waitsFor: null,
    isLate: false,
  };
}

function lineOf({ candidate, at, waitsFor }: Planned<Wanted>, until: Date): PlanLine {
  const { certificate, issuer, reason, from, endsAt } = candidate;
  const planned = at?.toISOString() ?? null;
  return {
    certificate,
    issuer,
    reason,
    wanted: from.toISOString(),
    planned,
    waitsFor: waitsFor && limitText(waitsFor.charge),
    isLate: endsAt !== null && (planned ?? until.toISOString()) >= endsAt,
  };
}

function byTime(one: PlanLine, other: PlanLine): number {
  return timeOf(one) - timeOf(other);
}

function timeOf({ planned }: PlanLine): number {
  return planned === null ? Number.POSITIVE_INFINITY : Date.parse(planned);
}

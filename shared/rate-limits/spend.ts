import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { problemOf } from '#shared/issuers/acme/problem.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { Clock } from '#shared/time/clock.ts';
import { afterOne, emptyUntil, freeAt } from './bucket.ts';
import type { Buckets, BudgetBook } from './budget-book.ts';
import { type Charge, countsAt, failureCharges, keptBackOf } from './charges.ts';
import { limitText } from './texts.ts';

export type SpendPorts = {
  readonly budgetBook: BudgetBook;
  readonly issuerConfig: IssuerConfig;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * Takes the cost of an order before it is made: a run that dies in between has counted one too many, which refills.
 * `insists` takes it even if the limit would be hit; `spares` takes it only where the share reserved for orders that cannot
 * wait, and at least one, remains.
 * @throws CertkeepError BudgetSpent when the CA would refuse the order, or its certificate
 */
export async function takeForOrder(
  { budgetBook, clock, issuerConfig }: SpendPorts,
  charges: readonly Charge[],
  { insists, spares = false }: { readonly insists: boolean; readonly spares?: boolean },
): Promise<void> {
  if (charges.length === 0) return;
  const now = clock.now();
  let refused: CertkeepError | null = null;
  await budgetBook.update(issuerConfig.directory, (buckets) => {
    refused = insists ? null : refusal(charges, buckets, now, spares);
    return refused ? buckets : withTaken(buckets, charges, 'order', now);
  });
  if (refused) throw refused;
}

/** Takes the cost of a certificate before its order is finalized. A success ends the count of failures in a row. */
export async function takeForIssuance(
  { budgetBook, clock, issuerConfig }: SpendPorts,
  charges: readonly Charge[],
): Promise<void> {
  if (charges.length === 0) return;
  await budgetBook.update(issuerConfig.directory, (buckets) => {
    const forgiven = charges.filter(
      ({ key, kind }) => kind === 'failuresInARow' && buckets[key] !== undefined,
    );
    const taken = withTaken(buckets, charges, 'issuance', clock.now());
    if (forgiven.length === 0) return taken;
    const keys = forgiven.map(({ key }) => key);
    return Object.fromEntries(Object.entries(taken).filter(([key]) => !keys.includes(key)));
  });
}

/** Counts failed validations. */
export async function countFailures(
  { budgetBook, clock, issuerConfig }: SpendPorts,
  names: readonly string[],
  issuer: string,
): Promise<void> {
  const charges = failureCharges(names, { name: issuer, config: issuerConfig });
  if (charges.length === 0) return;
  await budgetBook.update(issuerConfig.directory, (buckets) =>
    withTaken(buckets, charges, 'failure', clock.now()),
  );
}

/** Records what a CA says about a limit that is hit, for the other certificates that draw on it. */
export async function learn(
  { budgetBook, issuerConfig }: SpendPorts,
  charges: readonly Charge[],
  error: unknown,
): Promise<void> {
  if (!isCertkeepError(error, 'IssuerRateLimited') || !error.retryAt) return;
  const { retryAt } = error;
  const named = charges.find((charge) => isNamedIn(problemOf(error)?.detail ?? '', charge));
  if (!named) return;
  const fullAt = emptyUntil(retryAt, named.limit);
  await budgetBook.update(issuerConfig.directory, (buckets) =>
    (buckets[named.key] ?? 0) >= fullAt ? buckets : { ...buckets, [named.key]: fullAt },
  );
}

function refusal(
  charges: readonly Charge[],
  buckets: Buckets,
  now: Date,
  spares: boolean,
): CertkeepError | null {
  const [last] = charges
    .map((charge) => {
      const reserve = spares ? spared(charge) : 0;
      return { charge, until: freeAt(buckets[charge.key], charge.limit, now, reserve) };
    })
    .filter(({ until }) => until > now)
    .toSorted((one, other) => +other.until - +one.until);
  if (!last) return null;
  const { charge, until } = last;
  return new CertkeepError(
    'BudgetSpent',
    `${limitText(charge)} are used up; the next one is due at ${until.toISOString()}`,
    { retryAt: until },
  );
}

/** A limit of one is not reserved: there would never be any left. */
function spared(charge: Charge): number {
  return Math.min(Math.max(keptBackOf(charge), 1), charge.limit.count - 1);
}

function withTaken(
  buckets: Buckets,
  charges: readonly Charge[],
  moment: ReturnType<typeof countsAt>,
  now: Date,
): Buckets {
  const due = charges.filter((charge) => countsAt(charge) === moment);
  if (due.length === 0) return buckets;
  const taken = due.map(({ key, limit }) => [key, afterOne(buckets[key], limit, now)] as const);
  return { ...buckets, ...Object.fromEntries(taken) };
}

/** Boulder's words (ratelimits/transaction.go), where they name what was ordered. */
function isNamedIn(detail: string, { key, kind }: Charge): boolean {
  const subject = key.slice(key.lastIndexOf(':') + 1);
  switch (kind) {
    case 'orders':
      return /too many new orders/.test(detail);
    case 'certificatesPerNames':
      return /exact set of/.test(detail);
    case 'certificatesPerDomain':
      return /too many certificates/.test(detail) && detail.includes(`"${subject}"`);
    case 'failuresPerName':
      return /too many failed authorizations/.test(detail) && detail.includes(`"${subject}"`);
    case 'failuresInARow':
      return false;
  }
}

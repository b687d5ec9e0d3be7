import type { CertificateConfig } from '#shared/config/config.ts';
import { type ErrorName, isCertkeepError } from '#shared/errors.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/time/clock.ts';
import { keepIfPossible } from '../keep.ts';
import { admits, afterFault, afterLife, afterNothing, withProbe } from './breaker.ts';
import { faultOf } from './fault.ts';
import type { IssuerBook } from './issuer-book.ts';

type Ports = { readonly issuerBook: IssuerBook; readonly clock: Clock };

/**
 * Returns the first of the certificate's issuers that is not known to fail; the first of all if all are. A single issuer
 * has no alternative.
 */
export async function chooseIssuer(
  ports: Ports,
  { issuers }: Pick<CertificateConfig, 'issuers'>,
  attemptId: string,
): Promise<string> {
  const first = issuers[0] as string;
  if (issuers.length === 1) return first;
  for (const issuer of issuers) {
    if (await mayTry(ports, issuer, attemptId)) return issuer;
  }
  return first;
}

/** An issuer that failed some time ago is tried by one attempt at a time. */
export async function mayTry(
  { clock, issuerBook }: Ports,
  issuer: string,
  attemptId: string,
): Promise<boolean> {
  const admitted = admits(await issuerBook.read(issuer), clock.now());
  if (admitted !== 'probe') return admitted === 'yes';
  try {
    const { probe } = await issuerBook.update(issuer, (breaker) =>
      withProbe(breaker, attemptId, clock.now()),
    );
    return probe?.attempt === attemptId;
  } catch (error) {
    // After repeated defeat many attempts want to try the issuer, and one of them will.
    if (isCertkeepError(error, 'LedgerConflict')) return false;
    throw error;
  }
}

/**
 * Writes down the result of an attempt for other certificates (null: its success), and returns the issuers that are known
 * not to work now. A failure to keep this is no reason to fail a renewal.
 */
export async function reportOutcome(
  ports: Ports & { readonly log: Log },
  { id, issuers }: Pick<CertificateConfig, 'id' | 'issuers'>,
  attempt: Pick<Attempt, 'id' | 'issuer'>,
  error: unknown,
): Promise<ReadonlySet<string>> {
  if (issuers.length === 1) return new Set();
  const found = await keepIfPossible(
    { log: ports.log, certificate: { id } },
    'what is known of the issuers',
    async () => {
      await report(ports, attempt, error);
      return failing(ports, issuers);
    },
  );
  return found ?? new Set();
}

async function report(
  { clock, issuerBook }: Ports,
  { id, issuer }: Pick<Attempt, 'id' | 'issuer'>,
  error: unknown,
): Promise<void> {
  await issuerBook.update(issuer, (breaker) => {
    if (error !== null && faultOf(error) === 'theirs') return afterFault(breaker, id, clock.now());
    return isSignOfLife(error) ? afterLife(breaker) : afterNothing(breaker, id);
  });
}

/** A request that was not sent says nothing about the CA. */
function isSignOfLife(error: unknown): boolean {
  if (error === null) return true;
  const answers: readonly ErrorName[] = ['IssuerRefused', 'OrderInvalid', 'IssuerRateLimited'];
  return answers.some((name) => isCertkeepError(error, name));
}

async function failing(
  { clock, issuerBook }: Ports,
  issuers: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const issuer of issuers) {
    if (admits(await issuerBook.read(issuer), clock.now()) === 'no') found.add(issuer);
  }
  return found;
}

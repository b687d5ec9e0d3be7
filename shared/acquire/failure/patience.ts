import { CertkeepError, type ErrorName, isCertkeepError } from '#shared/errors.ts';
import { isLimit } from '#shared/ledger/backoff.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';

/** No slower CAs are known: ZeroSSL takes ten minutes and more. */
const endlessMs = 2 * hourMs;

type Waited = Pick<Attempt, 'waitingSince' | 'waitingFor'>;

/** A rate limit without a time counts as a failure, so that the waits grow. */
export function isWaiting(error: CertkeepError): boolean {
  if (isLimit(error.name) || error.name === 'DnsRateLimited') {
    return error.retryAt !== null;
  }
  const waits: readonly ErrorName[] = [
    'OrderTimedOut',
    'DnsChangeTimedOut',
    'CertificateNotYetValid',
  ];
  return waits.includes(error.name);
}

/**
 * Says whether an attempt waits, which is not a failure. A wait for the same thing over hours, as often as it was told to,
 * is one: the CA's, if it is at work on one step or sets one limit after the other; otherwise a failure of DNS.
 */
export function waitedFor(
  error: unknown,
  attempt: Waited,
  now: Date,
): { readonly error: unknown; readonly waits: boolean } {
  if (!isCertkeepError(error) || !isWaiting(error)) return { error, waits: false };
  // Certkeep's own limits, and a certificate that was issued, have an end of their own.
  const ends = error.name === 'BudgetSpent' || error.name === 'CertificateNotYetValid';
  if (ends) return { error, waits: true };
  const { waitingSince } = sinceWhen(attempt, error, now);
  if (!waitingSince || addMs(new Date(waitingSince), endlessMs) > now)
    return { error, waits: true };
  const isOfCa = error.name === 'OrderTimedOut' || error.name === 'IssuerRateLimited';
  const { message, retryAt } = error;
  const name: ErrorName = isOfCa ? 'OrderStuck' : error.name;
  const endless = new CertkeepError(name, `${message}, since ${waitingSince}`, {
    cause: error,
    retryAt,
  });
  return { error: endless, waits: false };
}

/** Returns since when it has waited for the cause of this error; nothing for another kind of error. */
export function sinceWhen(attempt: Waited, error: unknown, now: Date): Required<Waited> {
  const waited = isCertkeepError(error, 'OrderStuck') ? error.cause : error;
  if (!isCertkeepError(waited) || !isWaiting(waited))
    return { waitingSince: null, waitingFor: null };
  const { waitingSince, waitingFor = 'OrderTimedOut' } = attempt;
  const since = waitingFor === waited.name ? waitingSince : null;
  return { waitingSince: since ?? now.toISOString(), waitingFor: waited.name };
}

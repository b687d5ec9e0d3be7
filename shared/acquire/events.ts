import { type CertkeepError, catalogue } from '#shared/errors.ts';
import type {
  Attempt,
  Failure,
  FallbackState,
  LedgerEvent,
  Version,
} from '#shared/ledger/record/record.ts';
import { dayMs } from '#shared/time/clock.ts';
import { adviceFor } from './advice/fallbacks.ts';
import { durationText } from './renewal/renewal-time.ts';

/** Event ids are facts, not random: receivers that know the fact drop a repetition. */
export function issuedEvent(
  certificate: string,
  version: Version,
  reason: string | null,
): LedgerEvent {
  return {
    id: `${certificate}-issued-${version.id}`,
    type: 'issued',
    at: version.issuedAt,
    certificate,
    severity: 'info',
    summary: `${certificate} was issued by ${version.issuer} and stored`,
    details: {
      reason,
      names: version.names.join(', '),
      serial: version.serial,
      notAfter: version.notAfter,
      issuer: version.issuer,
    },
  };
}

type FailedFacts = {
  /** Null for an error that certkeep does not know. */
  readonly error: CertkeepError | null;
  /** The end of the certificate in service. */
  readonly notAfter: string | null;
  /** The issuer that takes over, if any. */
  readonly nextIssuer: string | null;
  /** The page that a person has to visit, where it belongs to the CA. */
  readonly link: string | null;
  /** True if the CA wants a person to visit anything. */
  readonly mustVisit?: boolean;
};

export function issueFailedEvent(
  certificate: string,
  attempt: Pick<Attempt, 'id' | 'issuer'>,
  failure: Failure,
  { error, notAfter, nextIssuer, link, mustVisit = link !== null }: FailedFacts,
): LedgerEvent {
  const summary = `${certificate} could not be ${notAfter ? 'renewed' : 'issued'}: ${failure.error}`;
  return {
    id: `${certificate}-failed-${attempt.id}-${failure.count}-${failure.lastAt}`,
    type: 'failed',
    at: failure.lastAt,
    certificate,
    severity:
      mustVisit || needsPerson(failure, nextIssuer ? null : error, notAfter)
        ? 'critical'
        : 'warning',
    summary: nextIssuer
      ? `${summary} at ${attempt.issuer}; ${nextIssuer} takes its place`
      : summary,
    details: {
      stage: error?.stage ?? 'issue',
      issuer: attempt.issuer,
      error: failure.error,
      message: failure.message,
      attempts: failure.count,
      nextAttemptAt: failure.nextAttemptAt,
      nextStep: error?.nextStep ?? 'Read the log of the issue function at this time.',
      validUntil: notAfter,
      link,
    },
  };
}

const closeToEndMs = 3 * dayMs;

/** Says whether retries alone will not help, or not in time. */
function needsPerson(
  failure: Failure,
  error: CertkeepError | null,
  notAfter: string | null,
): boolean {
  if (error && !error.retryable) return true;
  return notAfter !== null && Date.parse(notAfter) - Date.parse(failure.lastAt) < closeToEndMs;
}

/** Sent when a certificate comes near its end without a renewal. */
export function expiringEvent(
  certificate: string,
  version: Version,
  threshold: number,
  daysLeft: number,
  now: Date,
): LedgerEvent {
  const expired = daysLeft <= 0;
  return {
    id: `${certificate}-expiring-${version.id}-${threshold}`,
    type: 'expiring',
    at: now.toISOString(),
    certificate,
    severity: daysLeft <= 3 ? 'critical' : 'warning',
    summary: expired
      ? `${certificate} has expired`
      : `${certificate} expires in ${durationText(daysLeft * dayMs)}`,
    details: {
      names: version.names.join(', '),
      serial: version.serial,
      notAfter: version.notAfter,
      threshold,
    },
  };
}

/** Sent while the certificate itself is well: there is time to repair the fallback. */
export function fallbackFailedEvent(
  certificate: string,
  issuer: string,
  { failure, failures, nextCheckAt, provenAt }: FallbackState,
): LedgerEvent {
  const at = failure?.at ?? nextCheckAt;
  return {
    id: `${certificate}-fallback-${issuer}-${at}`,
    type: 'failed',
    at,
    certificate,
    severity: 'warning',
    summary: `${issuer} could not take over for the other issuers of ${certificate}: ${failure?.error}`,
    details: {
      stage: 'issue',
      issuer,
      error: failure?.error ?? null,
      message: failure?.message ?? null,
      attempts: failures,
      workedLast: provenAt ?? 'never',
      nextAttemptAt: nextCheckAt,
      nextStep: adviceFor(failure?.error ?? ''),
    },
  };
}

/** Sent once for each wish. */
export function wishTooLongEvent(
  certificate: string,
  version: Version,
  {
    renewBeforeDays,
    livesDays,
    now,
  }: { readonly renewBeforeDays: number; readonly livesDays: number; readonly now: Date },
): LedgerEvent {
  const { nextStep } = catalogue.RenewBeforeTooLong;
  return {
    id: `${certificate}-wish-${version.id}-${renewBeforeDays}`,
    type: 'failed',
    at: now.toISOString(),
    certificate,
    severity: 'warning',
    summary: `${certificate} is not renewed as configured: RenewBeforeTooLong`,
    details: {
      stage: 'check',
      issuer: version.issuer,
      error: 'RenewBeforeTooLong',
      message: `renewBeforeDays: ${Number(renewBeforeDays.toFixed(2))} is ignored, because the certificate lives for ${livesDays.toFixed(1)} days`,
      nextStep,
      validUntil: version.notAfter,
    },
  };
}

type RevocationFact = {
  readonly now: Date;
  /** A window in the past, where the CA's advice is all that is known. */
  readonly window: { readonly start: string; readonly end: string } | null;
  readonly explanationUrl: string | null;
  readonly revokedAt: Date | null;
  readonly reason: string | null;
};

/** The CA's list says so, or its advice to renew at once suggests it. Both lead to an immediate renewal. */
export function revokedEvent(
  certificate: string,
  version: Version,
  { now, window, explanationUrl, revokedAt, reason }: RevocationFact,
): LedgerEvent {
  const summary = revokedAt
    ? `${certificate} has been revoked by ${version.issuer}`
    : `${certificate} may have been revoked: ${version.issuer} asks for its renewal at once`;
  return {
    id: `${certificate}-revoked-${version.id}-${revokedAt ? 'listed' : window?.start}`,
    type: 'revoked',
    at: now.toISOString(),
    certificate,
    severity: revokedAt ? 'critical' : 'warning',
    summary,
    details: {
      names: version.names.join(', '),
      serial: version.serial,
      revokedAt: revokedAt?.toISOString() ?? null,
      reason,
      explanation: explanationUrl,
      nextStep:
        'Nothing, unless the renewal fails. Ask the CA for the reason, and find out whether the key has leaked.',
    },
  };
}

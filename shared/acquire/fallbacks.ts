import { addMs, dayMs, hourMs } from '#shared/clock.ts';
import { catalogue, type ErrorName } from '#shared/errors.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type FallbackState,
  type Version,
} from '#shared/ledger/record.ts';
import type { Situation } from './rules.ts';

/** Between two proofs: a third of a lifetime, which is how often a renewal would be one, within these. */
const soonestMs = 7 * dayMs;
const latestMs = 30 * dayMs;

const retryMs = dayMs;
/** The CA or DNS was still at work when the run ended, or wants it later: that says nothing of whether it works. */
const retrySlowMs = hourMs;
const slow: readonly string[] = [
  'OrderTimedOut',
  'DnsChangeTimedOut',
  'DnsRateLimited',
  'IssuerRateLimited',
  'BudgetSpent',
] satisfies ErrorName[];
/** After so many runs slow is broken. */
const slowIsTold = 5;
/** A failure that stays is told again after so many tries. */
const toldAgainAfter = 7;

/**
 * An issuer of the certificate that has not been seen to work for it for some time, null where none. The one
 * that issued what is in service has just been seen.
 */
export function fallbackDue({ certificate, record, now }: Situation): string | null {
  const version = desiredVersion(record);
  if (!version || new Date(version.notAfter) <= now) return null;
  const others = certificate.issuers.filter((issuer) => issuer !== version.issuer);
  return others.find((issuer) => isDue(record.fallbacks[issuer], now)) ?? null;
}

function isDue(state: FallbackState | undefined, now: Date): boolean {
  return state === undefined || new Date(state.nextCheckAt) <= now;
}

export function withProof(
  record: CertificateRecord,
  issuer: string,
  version: Pick<Version, 'notBefore' | 'notAfter'>,
  now: Date,
): CertificateRecord {
  const lifetimeMs = Date.parse(version.notAfter) - Date.parse(version.notBefore);
  const waitMs = Math.min(Math.max(lifetimeMs / 3, soonestMs), latestMs);
  return withState(record, issuer, {
    provenAt: now.toISOString(),
    nextCheckAt: addMs(now, waitMs).toISOString(),
    failures: 0,
    failure: null,
  });
}

/** While it is being asked, and while others find it failing and nothing is to be learned by asking. */
export function postponed(record: CertificateRecord, issuer: string, now: Date): CertificateRecord {
  const before = record.fallbacks[issuer] ?? { provenAt: null, failures: 0, failure: null };
  const nextCheckAt = addMs(now, retrySlowMs).toISOString();
  return withState(record, issuer, { ...before, nextCheckAt });
}

export function withoutProof(
  record: CertificateRecord,
  issuer: string,
  error: {
    readonly name: string;
    readonly message: string;
    /** Not before this time, where the CA named one. */
    readonly retryAt: Date | null;
  },
  now: Date,
): CertificateRecord {
  const before = record.fallbacks[issuer];
  const waitMs = slow.includes(error.name) ? retrySlowMs : retryMs;
  const askedMs = error.retryAt ? error.retryAt.getTime() - now.getTime() : 0;
  return withState(record, issuer, {
    provenAt: before?.provenAt ?? null,
    nextCheckAt: addMs(now, Math.max(waitMs, Math.min(askedMs, soonestMs))).toISOString(),
    failures: (before?.failures ?? 0) + 1,
    failure: { at: now.toISOString(), error: error.name, message: error.message.slice(0, 500) },
  });
}

/** A person hears of it while there is time, and not every day. */
export function isToBeTold({ failures, failure }: FallbackState): boolean {
  if (failure === null) return false;
  const first = slow.includes(failure.error) ? slowIsTold : 1;
  return failures >= first && (failures - first) % toldAgainAfter === 0;
}

export function adviceFor(error: string): string {
  const known: Readonly<Record<string, { readonly nextStep: string }>> = catalogue;
  return known[error]?.nextStep ?? 'Read the log of the issue function at this time.';
}

function withState(
  record: CertificateRecord,
  issuer: string,
  state: FallbackState,
): CertificateRecord {
  return { ...record, fallbacks: { ...record.fallbacks, [issuer]: state } };
}

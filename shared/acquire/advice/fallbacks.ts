import { catalogue, type ErrorName } from '#shared/errors.ts';
import { sameDirectory } from '#shared/issuers/same-directory.ts';
import { foreignFields } from '#shared/ledger/ledger-object.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type FallbackState,
  fallbackSchema,
  type Version,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import type { Situation } from '../renewal/rules.ts';

/** The time between two proofs: a third of a lifetime, as for a renewal, within these limits. */
const soonestMs = 7 * dayMs;
const latestMs = 30 * dayMs;

const retryMs = dayMs;
/** The CA or DNS was still at work when the run ended, or wants it later: that does not show whether it works. */
const retrySlowMs = hourMs;
/** After this many such runs it counts as broken all the same. */
const slowIsTold = 5;
/**
 * Certkeep's own limits let all certificates through in turn: ten thousand of them within days, where Let's Encrypt takes
 * 2,400 orders a day. The proof waits an hour, two, three …, and is reported after a week of waiting.
 */
const spent = 'BudgetSpent' satisfies ErrorName;
const spentIsTold = 18;
const toldFrom = new Map<string, number>([
  ['OrderTimedOut', slowIsTold],
  ['DnsChangeTimedOut', slowIsTold],
  ['DnsRateLimited', slowIsTold],
  ['RunOutOfTime', slowIsTold],
  ['IssuerRateLimited', slowIsTold],
  [spent, spentIsTold],
] satisfies [ErrorName, number][]);
/** A failure that stays is reported again after this many tries. */
const toldAgainAfter = 7;

/** A fallback issuer, and the CA that its name stands for now. */
export type StandIn = { readonly name: string; readonly directory: string };

/**
 * Returns an issuer of the certificate that has not been proved for some time, null if there is none. The issuer of the
 * version in service has just been proved.
 */
export function fallbackDue({ certificate, issuers, record, now }: Situation): StandIn | null {
  const version = desiredVersion(record);
  if (!version || new Date(version.notAfter) <= now) return null;
  for (const name of certificate.issuers) {
    const standIn = { name, directory: issuers[name]?.directory ?? '' };
    const hasIssued = version.origin
      ? sameDirectory(standIn.directory, version.origin.directory)
      : name === version.issuer;
    if (!hasIssued && isDue(knownOf(record, standIn), now)) return standIn;
  }
  return null;
}

function isDue(state: FallbackState | null, now: Date): boolean {
  return state === null || new Date(state.nextCheckAt) <= now;
}

/** Nothing is known about another CA that had the same name. */
function knownOf({ fallbacks }: CertificateRecord, { name, directory }: StandIn) {
  const known = fallbacks[name];
  return known && (known.directory ?? directory) === directory ? known : null;
}

export function withProof(
  record: CertificateRecord,
  issuer: StandIn,
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

/**
 * Postpones the next proof while this one runs, and while others find the issuer failing and asking would teach nothing.
 */
export function postponed(
  record: CertificateRecord,
  issuer: StandIn,
  now: Date,
): CertificateRecord {
  const before = knownOf(record, issuer) ?? { provenAt: null, failures: 0, failure: null };
  const nextCheckAt = addMs(now, retrySlowMs).toISOString();
  return withState(record, issuer, { ...before, nextCheckAt });
}

export function withoutProof(
  record: CertificateRecord,
  issuer: StandIn,
  error: {
    readonly name: string;
    readonly message: string;
    /** The next try may not come before this time, where the CA named one. */
    readonly retryAt: Date | null;
  },
  now: Date,
): CertificateRecord {
  const before = knownOf(record, issuer);
  const first = toldFromOf(error.name);
  const failures = failuresBefore(before, first) + 1;
  const hours = error.name === spent ? failures : 1;
  const waitMs = failures < first ? hours * retrySlowMs : retryMs;
  const askedMs = error.retryAt ? error.retryAt.getTime() - now.getTime() : 0;
  return withState(record, issuer, {
    provenAt: before?.provenAt ?? null,
    nextCheckAt: addMs(now, Math.max(waitMs, Math.min(askedMs, soonestMs))).toISOString(),
    failures,
    failure: { at: now.toISOString(), error: error.name, message: error.message.slice(0, 500) },
  });
}

/** Failures that are tolerated longer do not count towards the report of this one. */
function failuresBefore(before: FallbackState | null, first: number): number {
  if (!before?.failure) return 0;
  return toldFromOf(before.failure.error) > first ? 0 : before.failures;
}

function toldFromOf(error: string): number {
  return toldFrom.get(error) ?? 1;
}

/** Leaves out issuers that have left the configuration. */
export function fallbacksOf(
  { fallbacks }: CertificateRecord,
  issuers: readonly string[],
): CertificateRecord['fallbacks'] {
  return Object.fromEntries(Object.entries(fallbacks).filter(([name]) => issuers.includes(name)));
}

/** A person hears of it while there is time, and not every day. */
export function isToBeTold({ failures, failure }: FallbackState): boolean {
  if (failure === null) return false;
  const first = toldFromOf(failure.error);
  return failures >= first && (failures - first) % toldAgainAfter === 0;
}

export function adviceFor(error: string): string {
  const known: Readonly<Record<string, { readonly nextStep: string }>> = catalogue;
  return known[error]?.nextStep ?? 'Read the log of the issue function at this time.';
}

function withState(
  record: CertificateRecord,
  { name, directory }: StandIn,
  state: FallbackState,
): CertificateRecord {
  const kept = foreignFields(fallbackSchema, record.fallbacks[name]);
  const changed = { ...kept, ...state, directory };
  return { ...record, fallbacks: { ...record.fallbacks, [name]: changed } };
}

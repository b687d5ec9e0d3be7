import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { errorName, isCertkeepError } from '#shared/errors.ts';
import type { RenewalInfo } from '#shared/issuers/issuer.ts';
import { issuerAt, sameDirectory } from '#shared/issuers/same-directory.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { foreignFields } from '#shared/ledger/ledger-object.ts';
import {
  type CertificateRecord,
  type RenewalInfoState,
  renewalInfoSchema,
  type Version,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { dueByLifetime, lifetimeOf } from '../renewal/renewal-time.ts';
import { isRecalled, type Recalls } from './recalls.ts';

/** RFC 9773 §4.3.2: Retry-After is kept within these limits. */
const soonestMs = minuteMs;
const latestMs = dayMs;
/** RFC 9773 §4.3.3: the wait after an error that asking again will not repair. */
const longTermMs = 6 * hourMs;

/**
 * Says whether to ask the CA again: not about an expired certificate, and no other CA than the one that issued it, whatever
 * its present name in the configuration (RFC 9773 §4.3).
 */
export function renewalInfoDue(
  record: Pick<CertificateRecord, 'renewalInfo'>,
  version: Version,
  {
    issuers,
    recalls,
    now,
  }: {
    readonly issuers: Config['issuers'];
    readonly recalls: Recalls;
    readonly now: Date;
  },
): boolean {
  const { origin } = version;
  if (!version.renewalId || !origin || new Date(version.notAfter) <= now) return false;
  if (issuerAt(origin.directory, issuers, version.issuer) === null) return false;
  const advice = adviceOn(record, version);
  if (advice === null || new Date(advice.nextCheckAt) <= now) return true;
  return isRecalled(recalls, origin.directory, advice.askedAt, now);
}

/**
 * RFC 9773 §4.2: with a window in the past a CA says that a certificate is, or will be, revoked. A window that only passed
 * because nobody looked for longer than usual says nothing.
 */
export function mayBeRevoked(
  version: Pick<Version, 'notBefore' | 'notAfter' | 'issuedAt' | 'orderUrl'>,
  { window }: Pick<RenewalInfoState, 'window'>,
): boolean {
  if (!window || window.end > window.learnedAt) return false;
  return new Date(window.learnedAt) < dueByLifetime(version);
}

/** A CA may compute a window anew at each answer: only a move by a tenth of the life says something of other certificates. */
export function isMuchSooner(
  version: Parameters<typeof lifetimeOf>[0],
  before: { readonly start: string },
  after: { readonly start: string },
): boolean {
  const movedMs = Date.parse(before.start) - Date.parse(after.start);
  return movedMs >= lifetimeOf(version) / 10;
}

/**
 * Returns the identifier of the version that an order may replace (RFC 9773 §5): the names must overlap, and the CA must
 * have issued it.
 */
export function replaceable(
  { names, origin, renewalId }: Version,
  certificate: Pick<CertificateConfig, 'names'>,
  issuer: Pick<IssuerConfig, 'directory'>,
): string | null {
  if (!renewalId || !sameDirectory(origin?.directory, issuer.directory)) return null;
  return names.some((name) => certificate.names.includes(name)) ? renewalId : null;
}

/** `random` is 0 to 1: RFC 9773 §4.3.1 asks for a uniformly random time in the window. */
export function withAdvice(
  record: CertificateRecord,
  version: Pick<Version, 'id'>,
  info: RenewalInfo | null,
  { now, random }: { readonly now: Date; readonly random: number },
): CertificateRecord {
  const before = adviceOn(record, version)?.window ?? null;
  const waitMs = info?.retryAfter ? info.retryAfter.getTime() - now.getTime() : longTermMs;
  return {
    ...record,
    renewalInfo: {
      ...foreignFields(renewalInfoSchema, adviceOn(record, version)),
      versionId: version.id,
      window: info && (sameWindow(before, info) ? before : drawn(info, random, now)),
      explanationUrl: info?.explanationUrl ?? null,
      askedAt: now.toISOString(),
      nextCheckAt: addMs(now, info ? clamped(waitMs) : latestMs).toISOString(),
      failures: 0,
      failure: null,
    },
  };
}

/** The earlier advice stays: a CA that does not answer delays no renewal. */
export function withoutAdvice(
  record: CertificateRecord,
  version: Pick<Version, 'id'>,
  error: Error,
  now: Date,
): CertificateRecord {
  const before = adviceOn(record, version);
  const failures = (before?.failures ?? 0) + 1;
  return {
    ...record,
    renewalInfo: {
      ...foreignFields(renewalInfoSchema, adviceOn(record, version)),
      versionId: version.id,
      window: before?.window ?? null,
      explanationUrl: before?.explanationUrl ?? null,
      askedAt: now.toISOString(),
      nextCheckAt: addMs(now, waitAfter(error, failures, now)).toISOString(),
      failures,
      failure: { at: now.toISOString(), message: error.message.slice(0, 500) },
    },
  };
}

/**
 * RFC 9773 §4.3.3: capped exponential waits where the CA does not answer just now. An unknown name or a closed port is not
 * repaired within minutes.
 */
function waitAfter(error: Error, failures: number, now: Date): number {
  if (isCertkeepError(error, 'IssuerRateLimited') && error.retryAt) {
    return clamped(error.retryAt.getTime() - now.getTime());
  }
  const isTemporary =
    isCertkeepError(error, 'IssuerUnreachable') && !absent.includes(errorName(error.cause));
  if (!isTemporary) return longTermMs;
  const askedMs = error.retryAt ? error.retryAt.getTime() - now.getTime() : 0;
  return clamped(Math.max(askedMs, Math.min(minuteMs * 2 ** (failures - 1), longTermMs)));
}

const absent: readonly string[] = ['ENOTFOUND', 'ECONNREFUSED'];

function clamped(ms: number): number {
  return Math.min(Math.max(ms, soonestMs), latestMs);
}

function sameWindow(
  before: RenewalInfoState['window'],
  { start, end }: RenewalInfo,
): before is NonNullable<RenewalInfoState['window']> {
  return before?.start === start.toISOString() && before.end === end.toISOString();
}

function drawn({ start, end }: RenewalInfo, random: number, now: Date) {
  const lengthMs = end.getTime() - start.getTime();
  return {
    start: start.toISOString(),
    end: end.toISOString(),
    selected: addMs(start, Math.floor(lengthMs * random)).toISOString(),
    learnedAt: now.toISOString(),
  };
}

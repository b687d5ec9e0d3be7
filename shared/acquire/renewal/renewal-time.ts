import type { CertificateConfig } from '#shared/config/config.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { putAside } from '#shared/ledger/record/chosen.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type RenewalInfoState,
  type Version,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { opensAt } from './maintenance.ts';

type Life = Pick<Version, 'notBefore' | 'notAfter' | 'issuedAt' | 'orderUrl'>;
type Wish = Pick<CertificateConfig, 'renewBeforeDays'>;

/** Under ten days, Let's Encrypt's integration guide and its own windows use half the lifetime. */
const shortLifeMs = 10 * dayMs;
/** A version that is due before this share of its life has passed was due when it was issued. */
const firstShare = 1 / 10;
/** Check runs every ten minutes: a certificate that ends before two runs cannot be renewed in time. */
const settlesAfterMs = 20 * minuteMs;
/** The last share of its life, in which nothing may put a renewal off any more. */
const lastShare = 1 / 10;
/** How long a certificate that does not exist yet waits for a limit. */
const waitForFirstMs = hourMs;

/**
 * Returns when the renewal of a version is due: at the time drawn from the CA's window, but at the latest `renewBeforeDays`
 * before the end, where that is configured and leaves a tenth of its life before, or else when its last part begins.
 * Without a window it is `renewBeforeDays` before the end, or else with a third of the real lifetime left, or half of it
 * under ten days (https://letsencrypt.org/docs/integration-guide/).
 */
export function renewalDue(version: Life, wish: Wish, advice: RenewalInfoState | null): Date {
  const advised = adviceFrom(version, advice);
  const wished = wishedTime(version, wish);
  if (!advised) return wished ?? dueByLifetime(version);
  const latest = wished ?? lastPartOf(version, wish);
  return advised < latest ? advised : latest;
}

/**
 * Returns when it is due, or when maintenance and a pause let it start after that, at the latest when its last part begins.
 */
function renewalStart(
  version: Life & Pick<Version, 'id'>,
  wish: Wish & Pick<CertificateConfig, 'maintenance'>,
  record: Pick<CertificateRecord, 'paused' | 'renewalInfo'>,
): Date {
  const due = renewalDue(version, wish, adviceOn(record, version));
  const opens = opensAt({ ...wish, paused: record.paused }, due);
  const latest = lastPartOf(version, wish);
  if (!opens) return due;
  return opens < latest ? opens : latest;
}

/**
 * Returns when the next certificate is due or may start: by the version in service, or, while a person has put an earlier
 * one back, by the newest. At the latest when the last part of the version in service begins. Null without a version.
 */
export function nextStart(
  record: CertificateRecord,
  wish: Wish & Pick<CertificateConfig, 'maintenance'>,
): Date | null {
  const version = desiredVersion(record);
  if (!version) return null;
  const newest = putAside(record);
  if (!newest) return renewalStart(version, wish, record);
  const start = renewalStart(newest, wish, record);
  const latest = lastPartOf(version, wish);
  return start < latest ? start : latest;
}

/** Returns the due time without any advice or wish. */
export function dueByLifetime(version: Life): Date {
  return addMs(new Date(version.notAfter), -leftWhenDue(lifetimeOf(version)));
}

function leftWhenDue(lifetimeMs: number): number {
  return lifetimeMs < shortLifeMs ? lifetimeMs / 2 : lifetimeMs / 3;
}

/**
 * Returns how long maintenance may hold back the renewal of a certificate with that lifetime, in milliseconds: from its due
 * time, by a wish or by the rule, until its last part begins.
 */
export function longestWait(lifetimeMs: number, wishedMs?: number): number {
  const isFollowed = wishedMs !== undefined && wishedMs <= lifetimeMs * (1 - firstShare);
  const leftMs = isFollowed ? wishedMs : leftWhenDue(lifetimeMs);
  return Math.max(0, leftMs - lifetimeMs * lastShare);
}

/**
 * Returns from when the CA's advice is followed. A CA's advice to renew what it has just issued is not followed within a
 * day (a tenth of short lives): it would be asked for another one without end.
 */
export function adviceFrom(version: Life, advice: RenewalInfoState | null): Date | null {
  if (!advice?.window) return null;
  const selected = new Date(advice.window.selected);
  const settled = addMs(new Date(version.issuedAt), Math.min(dayMs, lifetimeOf(version) / 10));
  return selected < settled ? settled : selected;
}

/** Returns when its last part begins: a tenth of its lifetime, or less where a person wished for less. */
export function lastPartOf(version: Life, wish: Wish): Date {
  const end = new Date(version.notAfter);
  const last = addMs(end, -lifetimeOf(version) * lastShare);
  const wished = wishedTime(version, wish);
  return wished && wished > last ? wished : last;
}

/**
 * Says whether a limit until then is too long for a certificate with that end, or for a missing one, so that another issuer
 * takes over. Half of the remaining time is for everything that comes after the wait.
 */
export function isTooLongFor(endsAt: string | null, until: Date, now: Date): boolean {
  const remainingMs = endsAt === null ? 2 * waitForFirstMs : Date.parse(endsAt) - now.getTime();
  return until > addMs(now, remainingMs / 2);
}

/** Returns the time before which a due version counts as due when it was issued. */
export function settledAt(version: Life): Date {
  return addMs(bornAt(version), Math.max(lifetimeOf(version) * firstShare, settlesAfterMs));
}

/** Says whether `renewBeforeDays` is ignored: if it is about as long as the lifetime, it would renew for ever. */
export function isWishTooLong(version: Life, wish: Wish): boolean {
  return wish.renewBeforeDays !== undefined && wishedTime(version, wish) === null;
}

function wishedTime(version: Life, { renewBeforeDays }: Wish): Date | null {
  if (renewBeforeDays === undefined) return null;
  const wished = addMs(new Date(version.notAfter), -renewBeforeDays * dayMs);
  return wished < addMs(bornAt(version), lifetimeOf(version) * firstShare) ? null : wished;
}

/** Returns the time from its issuance to its end. */
export function lifetimeOf(version: Life): number {
  return Date.parse(version.notAfter) - bornAt(version).getTime();
}

/**
 * Its life counts from when it was issued, since CAs back-date: by an hour as Let's Encrypt does, or by days. A version
 * that was found in the key store may have been issued long before.
 */
function bornAt({ issuedAt, notBefore, orderUrl }: Life): Date {
  return new Date(orderUrl === null || issuedAt < notBefore ? notBefore : issuedAt);
}

export function durationText(ms: number): string {
  const count = Math.floor(ms / dayMs);
  if (count >= 1) return count === 1 ? '1 day' : `${count} days`;
  const hours = Math.floor(ms / hourMs);
  return hours === 1 ? '1 hour' : `${hours} hours`;
}

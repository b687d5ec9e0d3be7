import type { CertificateConfig } from '#shared/config/config.ts';
import type { RenewalInfoState, Version } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { maintenanceOpensAt } from './maintenance.ts';

type Life = Pick<Version, 'notBefore' | 'notAfter' | 'issuedAt' | 'orderUrl'>;
type Wish = Pick<CertificateConfig, 'renewBeforeDays'>;

/** Under ten days, Let's Encrypt's integration guide and its own windows take half. */
const shortLifeMs = 10 * dayMs;
/** What is due before so much of its life has passed was due when it was issued. */
const firstShare = 1 / 10;
/** Check looks every ten minutes: what does not last for two of them cannot be renewed in time. */
const settlesAfterMs = 20 * minuteMs;
/** What is left when nothing may put a renewal off any more. */
const lastShare = 1 / 10;
/** What a certificate that exists nowhere waits for a limit. */
const waitForFirstMs = hourMs;

/**
 * When the renewal of a version is due: at the time drawn from the CA's window; where it names none, with a
 * third of the real lifetime left, or half of it under ten days
 * (https://letsencrypt.org/docs/integration-guide/). In any case `renewBeforeDays` before the end, where
 * that is configured and leaves a tenth of its life before, and else when its last part begins.
 */
export function renewalDue(version: Life, wish: Wish, advice: RenewalInfoState | null): Date {
  const advised = adviceFrom(version, advice);
  const wished = wishedTime(version, wish);
  if (!advised) return wished ?? dueByLifetime(version);
  const latest = wished ?? lastPartOf(version, wish);
  return advised < latest ? advised : latest;
}

/** When it is due, or when maintenance lets it start after that, its last part at the latest. */
export function renewalStart(
  version: Parameters<typeof renewalDue>[0],
  wish: Wish & Pick<CertificateConfig, 'maintenance'>,
  advice: RenewalInfoState | null,
): Date {
  const due = renewalDue(version, wish, advice);
  const opens = wish.maintenance ? maintenanceOpensAt(wish.maintenance, due) : null;
  const latest = lastPartOf(version, wish);
  if (!opens) return due;
  return opens < latest ? opens : latest;
}

/** Without any advice or wish. */
export function dueByLifetime(version: Life): Date {
  return addMs(new Date(version.notAfter), -leftWhenDue(lifetimeOf(version)));
}

function leftWhenDue(lifetimeMs: number): number {
  return lifetimeMs < shortLifeMs ? lifetimeMs / 2 : lifetimeMs / 3;
}

/**
 * How long maintenance may hold back the renewal of a certificate that lives so long, in milliseconds: from when it
 * is due, by a wish or by the rule, until its last part begins.
 */
export function longestWait(lifetimeMs: number, wishedMs?: number): number {
  const isFollowed = wishedMs !== undefined && wishedMs <= lifetimeMs * (1 - firstShare);
  const leftMs = isFollowed ? wishedMs : leftWhenDue(lifetimeMs);
  return Math.max(0, leftMs - lifetimeMs * lastShare);
}

/**
 * From when the CA's advice is followed. A CA that advises against what it has just issued is not followed
 * within a day (a tenth of short lives): it would be asked for another one without end.
 */
export function adviceFrom(version: Life, advice: RenewalInfoState | null): Date | null {
  if (!advice?.window) return null;
  const selected = new Date(advice.window.selected);
  const settled = addMs(new Date(version.issuedAt), Math.min(dayMs, lifetimeOf(version) / 10));
  return selected < settled ? settled : selected;
}

/** When its last part begins: a tenth of its lifetime, or less where a person wished for less. */
export function lastPartOf(version: Life, wish: Wish): Date {
  const end = new Date(version.notAfter);
  const last = addMs(end, -lifetimeOf(version) * lastShare);
  const wished = wishedTime(version, wish);
  return wished && wished > last ? wished : last;
}

/**
 * Whether a limit that lasts until then hands over a certificate that ends so, or is not there. Half of what
 * remains is for everything that comes after the wait.
 */
export function isTooLongFor(endsAt: string | null, until: Date, now: Date): boolean {
  const remainingMs = endsAt === null ? 2 * waitForFirstMs : Date.parse(endsAt) - now.getTime();
  return until > addMs(now, remainingMs / 2);
}

/** Until when its being due says that it was due when it was issued. */
export function settledAt(version: Life): Date {
  return addMs(bornAt(version), Math.max(lifetimeOf(version) * firstShare, settlesAfterMs));
}

/** Whether `renewBeforeDays` is not followed: about as long as the life, it would renew for ever. */
export function isWishTooLong(version: Life, wish: Wish): boolean {
  return wish.renewBeforeDays !== undefined && wishedTime(version, wish) === null;
}

function wishedTime(version: Life, { renewBeforeDays }: Wish): Date | null {
  if (renewBeforeDays === undefined) return null;
  const wished = addMs(new Date(version.notAfter), -renewBeforeDays * dayMs);
  return wished < addMs(bornAt(version), lifetimeOf(version) * firstShare) ? null : wished;
}

/** What is left of it when it is issued. */
export function lifetimeOf(version: Life): number {
  return Date.parse(version.notAfter) - bornAt(version).getTime();
}

/**
 * Its life counts from when it was issued, since CAs back-date: by an hour as Let's Encrypt does, or by days. What was
 * found in the key store may have been issued long before.
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

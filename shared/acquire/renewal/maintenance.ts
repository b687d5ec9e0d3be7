import type { MaintenanceConfig } from '#shared/config/maintenance.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';

const weekMinutes = 7 * 24 * 60;

/** The configuration and a person may keep a renewal from starting. */
type Held = {
  readonly maintenance?: MaintenanceConfig | undefined;
  readonly paused: { readonly until: string } | null;
};

/** Returns when a renewal that is due at that time may start; null where nothing holds it. */
export function opensAt({ maintenance, paused }: Held, at: Date): Date | null {
  const until = paused && new Date(paused.until);
  const resumed = until && until > at ? until : at;
  const opens = (maintenance && maintenanceOpensAt(maintenance, resumed)) ?? resumed;
  return opens > at ? opens : null;
}

/**
 * Returns when a renewal may start again, null where it may start now. Windows are times of the week in a time zone, a
 * freeze whole days there; where clocks change, the wall clock counts.
 */
export function maintenanceOpensAt(maintenance: MaintenanceConfig, now: Date): Date | null {
  let at = now;
  // Each round passes one freeze: windows that open within the next one are of no use.
  for (let round = 0; round <= (maintenance.freeze?.length ?? 0); round += 1) {
    const thawed = thawsAt(maintenance, at) ?? at;
    const opens = windowOpensAt(maintenance, thawed) ?? thawed;
    if (opens === at) break;
    at = opens;
    if (thawsAt(maintenance, at) === null) break;
  }
  return at === now ? null : at;
}

/** Returns the midnight after the freeze, null outside of one. Where freezes meet, this is the midnight after the first. */
function thawsAt({ freeze = [], timeZone }: MaintenanceConfig, now: Date): Date | null {
  const today = wallClock(now, timeZone).toISOString().slice(0, 10);
  const inside = freeze.find(({ from, to }) => from <= today && today <= to);
  return inside ? midnightAfter(inside.to, timeZone) : null;
}

function midnightAfter(day: string, timeZone: string): Date {
  const midnight = addMs(new Date(`${day}T00:00:00Z`), dayMs);
  const offsetAt = (time: Date) => wallClock(time, timeZone).getTime() - time.getTime();
  // The offset at midnight is known only near it.
  const near = addMs(midnight, -offsetAt(midnight));
  const found = addMs(midnight, -offsetAt(near));
  // Where clocks go forward at midnight, that midnight does not exist.
  const isThere = wallClock(found, timeZone).toISOString().slice(0, 10) > day;
  return isThere ? found : addMs(found, hourMs);
}

function windowOpensAt(maintenance: MaintenanceConfig, now: Date): Date | null {
  const minute = minuteOfWeek(now, maintenance.timeZone);
  if (isOpen(maintenance, minute)) return null;
  const next = maintenance.windows
    // Where windows forbid, the end of one opens, unless another one goes on.
    .map(({ start, minutes }) => (maintenance.mode === 'allow' ? start : start + minutes))
    .filter((opening) => isOpen(maintenance, opening % weekMinutes))
    .map((opening) => (opening - minute + 2 * weekMinutes) % weekMinutes || weekMinutes);
  const wait = Math.min(...next, weekMinutes);
  const sum = addMs(startOfMinute(now), wait * minuteMs);
  const opens = sameWallClock(sum, now, wait, maintenance.timeZone);
  return next.length === 0 ? opens : openFrom(maintenance, opens > now ? opens : sum);
}

/** Longer than any clock change. */
const longestSkipMinutes = 3 * 60;

/** The wall clock never shows a skipped hour: the next open minute counts, even a week later. */
function openFrom(maintenance: MaintenanceConfig, from: Date): Date {
  for (let minutes = 0; minutes < longestSkipMinutes; minutes += 1) {
    const time = addMs(from, minutes * minuteMs);
    if (isOpen(maintenance, minuteOfWeek(time, maintenance.timeZone))) return time;
  }
  const later = addMs(from, longestSkipMinutes * minuteMs);
  return maintenanceOpensAt(maintenance, later) ?? later;
}

function isOpen({ mode, windows }: MaintenanceConfig, minute: number): boolean {
  const inside = windows.some(
    ({ start, minutes }) => (minute - start + weekMinutes) % weekMinutes < minutes,
  );
  return mode === 'allow' ? inside : !inside;
}

/** A clock change on the way moves the wall clock: this corrects the sum. */
function sameWallClock(sum: Date, now: Date, wait: number, timeZone: string): Date {
  const wanted = (minuteOfWeek(now, timeZone) + wait) % weekMinutes;
  const missed = (wanted - minuteOfWeek(sum, timeZone) + weekMinutes) % weekMinutes;
  return addMs(sum, (missed > weekMinutes / 2 ? missed - weekMinutes : missed) * minuteMs);
}

function startOfMinute(time: Date): Date {
  return new Date(Math.floor(time.getTime() / minuteMs) * minuteMs);
}

/** Returns the time that clocks show there, as if it were UTC; to the minute. */
function wallClock(time: Date, timeZone: string): Date {
  const part = partsOf(time, timeZone);
  const day = `${part.get('year')?.padStart(4, '0')}-${part.get('month')}-${part.get('day')}`;
  return new Date(`${day}T${part.get('hour')}:${part.get('minute')}:00Z`);
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** Counts from Monday at midnight, by the clocks of that zone. */
function minuteOfWeek(time: Date, timeZone: string): number {
  const parts = partsOf(time, timeZone);
  const day = weekdays.indexOf(parts.get('weekday') ?? '');
  return day * 24 * 60 + Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
}

function partsOf(time: Date, timeZone: string): ReadonlyMap<string, string> {
  return new Map(
    formatOf(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
}

/** Creating a formatter takes longer than a thousand uses. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

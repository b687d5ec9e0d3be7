import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';

/** `71 d`, `37 h`, `50 min`: two days and more in days, as in messages. */
export function shortSpan(ms: number): string {
  if (ms >= 2 * dayMs) return `${Math.floor(ms / dayMs)} d`;
  if (ms >= 2 * hourMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.max(0, Math.floor(ms / minuteMs))} min`;
}

/** `2026-12-20 03:00 UTC` */
export function stamp(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A month of another year must not be taken for the next one of that name. */
const withoutYearMs = 300 * dayMs;

/** `20 Dec`; `2027-12-20` where that is long ahead. */
export function dayOf(at: string, now: Date): string {
  const time = new Date(at);
  if (Math.abs(time.getTime() - now.getTime()) > withoutYearMs) {
    return time.toISOString().slice(0, 10);
  }
  // `Mon, 20 Dec 2027 03:00:00 GMT`: a hundred times faster than a formatter of the locale.
  const [, , month] = time.toUTCString().split(' ');
  return `${time.getUTCDate()} ${month}`;
}

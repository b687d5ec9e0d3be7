import { addMs, dayMs, secondMs } from '#shared/time/clock.ts';

/** CAs name seconds, minutes or days. More than this is a mistake, and huge numbers overflow a Date. */
const longestMs = 30 * dayMs;

/** RFC 9110 §10.2.3: seconds or an HTTP-date. Null when absent or unreadable. */
export function parseRetryAfter(header: string | undefined, now: Date): Date | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return addMs(now, Math.min(Number(text) * secondMs, longestMs));
  return httpDate(text, now);
}

/** Let's Encrypt also names the time in the text: "retry after 2026-11-22 03:18:15 UTC". */
export function retryTimeInText(text: string, now: Date): Date | null {
  const found = /retry after (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(text);
  return found ? capped(new Date(`${found[1]}T${found[2]}Z`), now) : null;
}

function httpDate(text: string, now: Date): Date | null {
  // Date.parse reads almost anything; an HTTP-date begins with the day of the week and ends in GMT.
  return /^[A-Z][a-z]{2,8},? .* (GMT|\d{4})$/.test(text) ? capped(new Date(text), now) : null;
}

function capped(time: Date, now: Date): Date | null {
  if (Number.isNaN(time.getTime())) return null;
  const latest = addMs(now, longestMs);
  return time > latest ? latest : time;
}

import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';

/** `2026-12-20 03:00 UTC (in 19 days)`, or `(3 hours ago)`. */
export function timeText(at: string, now: Date): string {
  const time = new Date(at);
  const stamp = `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (Math.abs(time.getTime() - now.getTime()) < minuteMs) return `${stamp} (now)`;
  const words = inWords(at, now);
  return time > now ? `${stamp} (in ${words})` : `${stamp} (${words} ago)`;
}

/** `19 days`, `47 hours`, `10 minutes`: two days and more in days, so that nothing is called "1 day" for long. */
export function inWords(at: string, now: Date): string {
  const ms = Math.abs(Date.parse(at) - now.getTime());
  if (ms >= 2 * dayMs) return `${Math.floor(ms / dayMs)} days`;
  if (ms >= 2 * hourMs) return `${Math.floor(ms / hourMs)} hours`;
  const minutes = Math.floor(ms / minuteMs);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}

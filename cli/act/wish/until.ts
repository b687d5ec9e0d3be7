import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { CommandFailed } from '../../failure.ts';

const units = { m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs } as const;

const day = /^\d{4}-\d{2}-\d{2}$/;
const dayAndTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?$/;

export type EndOptions = {
  /** A time, in UTC unless it says otherwise. */
  readonly until?: string | undefined;
  /** From now on: `3d`. */
  readonly for?: string | undefined;
};

/**
 * Returns the end that somebody means, ISO 8601 in UTC.
 * @throws CommandFailed with `next`, which says it correctly
 */
export function endOf(given: EndOptions, now: Date, next: string): string {
  if ((given.until === undefined) === (given.for === undefined)) {
    throw new CommandFailed('say until when it lasts: --until TIME, or --for SPAN', next);
  }
  const end = given.for === undefined ? timeOf(given.until ?? '') : afterSpan(given.for, now);
  if (end !== null) return end.toISOString().replace(/\.\d+Z$/, 'Z');
  throw given.for === undefined
    ? new CommandFailed(
        `"${given.until}" is not a time, such as 2027-01-05, "2027-01-05 06:00" (UTC) or 2027-01-05T06:00:00+01:00`,
        next,
      )
    : new CommandFailed(`"${given.for}" is not a span, such as 90m, 12h, 3d or 2w`, next);
}

function afterSpan(text: string, now: Date): Date | null {
  const [, count, unit] = /^(\d{1,4})([mhdw])$/.exec(text) ?? [];
  return unit ? addMs(now, Number(count) * units[unit as keyof typeof units]) : null;
}

function timeOf(text: string): Date | null {
  const [, date, time, zone = 'Z'] = dayAndTime.exec(text) ?? [];
  const iso = day.test(text) ? `${text}T00:00Z` : `${date}T${time}${zone}`;
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return null;
  // Date takes the 31st of February for the 3rd of March.
  const written = text.slice(0, 10);
  return new Date(`${written}T00:00Z`).toISOString().startsWith(written) ? at : null;
}

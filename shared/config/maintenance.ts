import * as z from 'zod';

/** A part of the week, in minutes from Monday at midnight. */
export type WeeklyWindow = { readonly start: number; readonly minutes: number };

/** The first and the last day, by the time zone's clock: `2026-12-15`. */
export type Freeze = { readonly from: string; readonly to: string };

export type MaintenanceConfig = {
  /** An IANA name such as Europe/Berlin. */
  readonly timeZone: string;
  /** Says whether renewals start only within the windows, or only outside of them. */
  readonly mode: 'allow' | 'forbid';
  readonly windows: readonly WeeklyWindow[];
  /** Days on which no renewal starts, whatever the windows say. */
  readonly freeze?: readonly Freeze[];
};

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const pattern = /^(?:(daily)|([A-Z][a-z]{2})(?:-([A-Z][a-z]{2}))?) (\d\d:\d\d)-(\d\d:\d\d)$/;

/** `Sat 22:00-06:00`, `Mon-Fri 09:00-17:00`, `daily 02:00-04:00`: one window for each of the days. */
export function readWindows(written: string): readonly WeeklyWindow[] | null {
  const [, daily, first = 'Mon', last = daily ? 'Sun' : first, from = '', to = ''] =
    pattern.exec(written) ?? [];
  const start = minuteOfDay(from);
  const end = minuteOfDay(to);
  const [firstDay, lastDay] = [days.indexOf(first), days.indexOf(last)];
  if (start === null || end === null || firstDay < 0 || lastDay < 0) return null;
  // Equal times mean a whole day; an earlier end belongs to the next day.
  const minutes = end > start ? end - start : end - start + 24 * 60;
  const count = ((lastDay - firstDay + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => ({
    start: ((firstDay + index) % 7) * 24 * 60 + start,
    minutes,
  }));
}

function minuteOfDay(text: string): number | null {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

const windows = z
  .array(
    z.string().transform((written, context) => {
      const read = readWindows(written);
      if (read) return read;
      context.addIssue({
        code: 'custom',
        message: 'is not a weekly window',
        params: {
          fix: 'Write days and times: Sat 22:00-06:00, Mon-Fri 09:00-17:00 or daily 02:00-04:00.',
        },
      });
      return z.NEVER;
    }),
  )
  .min(1);

/** `2026-12-15..2027-01-05`, or one day. Null for an invalid date, or an end before the beginning. */
export function readFreeze(written: string): Freeze | null {
  const [from = '', to = from, ...more] = written.split('..').map((day) => day.trim());
  return more.length === 0 && isDay(from) && isDay(to) && from <= to ? { from, to } : null;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

const freeze = z
  .array(
    z.string().transform((written, context) => {
      const read = readFreeze(written);
      if (read) return read;
      context.addIssue({
        code: 'custom',
        message: 'is not a range of dates',
        params: {
          fix: 'Write the first and the last day, the earlier first: 2026-12-15..2027-01-05.',
        },
      });
      return z.NEVER;
    }),
  )
  .min(1);

/** Windows of one mode, frozen dates, or both. */
export const maintenanceSchema = z
  .strictObject({
    timeZone: z
      .string()
      .refine(isTimeZone, 'is not a time zone')
      .describe('The time zone of these times: an IANA name such as Europe/Berlin.'),
    allow: windows
      .exactOptional()
      .describe(
        'Renewals start only at these times: `Sat 22:00-06:00`, `Mon-Fri 09:00-17:00`, `daily 02:00-04:00`.',
      ),
    forbid: windows
      .exactOptional()
      .describe('Renewals start at any time except these. Use it instead of `allow`.'),
    freeze: freeze
      .exactOptional()
      .describe(
        'Days on which no renewal starts, first and last included: `2026-12-15..2027-01-05`. Use it with `allow` or `forbid`, or alone.',
      ),
  })
  .refine(({ allow, forbid }) => allow === undefined || forbid === undefined, {
    error: 'has both "allow" and "forbid"',
    params: { fix: 'Keep one of the two: what is not allowed is forbidden.' },
  })
  .refine(({ allow, forbid, freeze: days }) => (allow ?? forbid ?? days) !== undefined, {
    error: 'says no times',
    params: { fix: 'Write "allow:" or "forbid:" for parts of the week, or "freeze:" for dates.' },
  })
  .transform(({ timeZone, allow, forbid, freeze: days }): MaintenanceConfig => {
    const mode = allow ? 'allow' : 'forbid';
    const windowsIn = (allow ?? forbid ?? []).flat();
    return { timeZone, mode, windows: windowsIn, ...(days && { freeze: days }) };
  });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

import { test } from 'vitest';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const times = (fields: string) => ({ retired: `maintenance: {${fields}}` });

const rows: readonly Row[] = [
  [
    'midnight as 24:00',
    times('timeZone: UTC, allow: ["daily 00:00-24:00"]'),
    'maintenance.allow[0]',
    'not a weekly window',
    '"daily 00:00-00:00"',
  ],
  [
    'dates as a window',
    times('timeZone: UTC, forbid: ["2026-12-15 - 2027-01-05"]'),
    'maintenance.forbid[0]',
    'is a date',
    'freeze: [2026-12-15..2027-01-05]',
  ],
  [
    'cron',
    times('timeZone: UTC, allow: ["0 22 * * 6"]'),
    'maintenance.allow[0]',
    'cron',
    'Sat 22:00-06:00',
  ],
  [
    'a city',
    times('timeZone: Berlin, allow: ["Sat 22:00-06:00"]'),
    'maintenance.timeZone',
    'not a time zone',
    'Did you mean Europe/Berlin?',
  ],
  [
    'a mistyped zone',
    times('timeZone: Europe/Berln, allow: ["Sat 22:00-06:00"]'),
    'maintenance.timeZone',
    'not a time zone',
    'Did you mean Europe/Berlin?',
  ],
  [
    'no zone',
    times('timeZone: Mars, allow: ["Sat 22:00-06:00"]'),
    'maintenance.timeZone',
    'not a time zone',
    'IANA',
  ],
  [
    'a freeze that ends before it begins',
    times('timeZone: UTC, freeze: [2027-01-05..2026-12-15]'),
    'maintenance.freeze[0]',
    'not a range of dates',
    'the earlier first',
  ],
  [
    'a day that is none',
    times('timeZone: UTC, freeze: ["2026-02-30"]'),
    'maintenance.freeze[0]',
    'not a range of dates',
    '2026-12-24',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

import { expect, test } from 'vitest';
import { readWindows } from '#shared/config/maintenance.ts';
import { certificatesYaml, configYaml, parsed, problemsOf } from '#test/support/config-yaml.ts';

test.each([
  ['Sat 22:00-06:00', [{ start: 8520, minutes: 480 }]],
  [
    'Mon-Tue 09:00-17:00',
    [
      { start: 540, minutes: 480 },
      { start: 1980, minutes: 480 },
    ],
  ],
  [
    'Sun-Mon 01:00-02:00',
    [
      { start: 8700, minutes: 60 },
      { start: 60, minutes: 60 },
    ],
  ],
  [
    'daily 00:00-00:00',
    Array.from({ length: 7 }, (_, day) => ({ start: day * 1440, minutes: 1440 })),
  ],
])('%s is read', (written, expected) => {
  expect(readWindows(written)).toEqual(expected);
});

test.each([
  'Sat',
  'Sat 22-06',
  'sat 22:00-06:00',
  'Sat 24:00-06:00',
  'Sat 22:60-06:00',
  'Foo 01:00-02:00',
  'Mon-Foo 01:00-02:00',
  '',
])('%j is refused', (written) => {
  expect(readWindows(written)).toBeNull();
});

test('times stand in the file for all, or for one certificate', () => {
  const more = 'maintenance: {timeZone: Europe/Berlin, allow: ["Sat 22:00-06:00"]}';
  const certificates = certificatesYaml({ shop: { more }, docs: {} });
  const all = 'maintenance: {timeZone: UTC, forbid: ["Mon-Fri 08:00-18:00", "daily 01:00-02:00"]}';
  const { config } = parsed(`${configYaml({ certificates })}${all}\n`);
  expect(config.certificates.map(({ maintenance: held }) => held)).toMatchObject([
    { timeZone: 'Europe/Berlin', mode: 'allow', windows: [{ start: 8520, minutes: 480 }] },
    { timeZone: 'UTC', mode: 'forbid', windows: { length: 12 } },
  ]);
});

test.each([
  ['{timeZone: Mars/Olympus, allow: ["Sat 22:00-06:00"]}', 'maintenance.timeZone', 'time zone'],
  ['{timeZone: UTC, allow: [weekends]}', 'maintenance.allow[0]', 'not a weekly window'],
  ['{timeZone: UTC}', 'maintenance', 'says no times'],
  [
    '{timeZone: UTC, allow: ["Sat 22:00-06:00"], forbid: ["Sat 22:00-06:00"]}',
    'maintenance',
    'has both',
  ],
])('%s is refused', (written, path, message) => {
  expect(problemsOf(`${configYaml()}maintenance: ${written}\n`)).toMatchObject([
    { path, message: expect.stringContaining(message) },
  ]);
});

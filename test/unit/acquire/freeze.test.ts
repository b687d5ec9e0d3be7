import { expect, test } from 'vitest';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { maintenanceOpensAt } from '#shared/acquire/renewal/maintenance.ts';
import { type MaintenanceConfig, readFreeze, readWindows } from '#shared/config/maintenance.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { healthy, inDays, issuers, now, versionOf, wanted } from '#test/support/healthy.ts';

function frozen(
  days: readonly string[],
  { allow = [], timeZone = 'Europe/Berlin' }: { allow?: readonly string[]; timeZone?: string } = {},
): MaintenanceConfig {
  const windows = allow.flatMap((each) => readWindows(each) ?? expect.unreachable(each));
  const freeze = days.map((each) => readFreeze(each) ?? expect.unreachable(each));
  return { timeZone, mode: windows.length > 0 ? 'allow' : 'forbid', windows, freeze };
}

const holidays = frozen(['2026-12-15..2027-01-05']);
const saturdays = frozen(['2026-12-15..2027-01-05'], { allow: ['Sat 22:00-06:00'] });

// Berlin is an hour ahead of UTC in winter.
test.each<[string, MaintenanceConfig, string, string | null]>([
  ['before the first day', holidays, '2026-12-14T22:59:59Z', null],
  ['from its midnight on', holidays, '2026-12-14T23:00:00Z', '2027-01-05T23:00:00Z'],
  [
    'until the midnight after the last day',
    holidays,
    '2027-01-05T22:59:59Z',
    '2027-01-05T23:00:00Z',
  ],
  ['after it', holidays, '2027-01-05T23:00:00Z', null],
  ['one day', frozen(['2026-12-24']), '2026-12-24T12:00:00Z', '2026-12-24T23:00:00Z'],
  [
    'two that meet',
    frozen(['2026-12-26', '2026-12-24..2026-12-25']),
    '2026-12-24T12:00:00Z',
    '2026-12-26T23:00:00Z',
  ],
  [
    'two that overlap',
    frozen(['2026-12-20..2026-12-26', '2026-12-24..2026-12-31']),
    '2026-12-25T12:00:00Z',
    '2026-12-31T23:00:00Z',
  ],
  ['in a window within it', saturdays, '2026-12-19T22:00:00Z', '2027-01-09T21:00:00Z'],
  ['before a window within it', saturdays, '2026-12-14T12:00:00Z', '2027-01-09T21:00:00Z'],
  ['in a window before it', saturdays, '2026-12-12T22:00:00Z', null],
  [
    'a window that begins before it ends',
    frozen(['2026-12-20'], { allow: ['Sun 22:00-06:00'] }),
    '2026-12-20T22:00:00Z',
    '2026-12-20T23:00:00Z',
  ],
  [
    'into summer time',
    frozen(['2026-03-20..2026-03-29']),
    '2026-03-28T12:00:00Z',
    '2026-03-29T22:00:00Z',
  ],
  // Clocks of Cairo went from 23:59 on Thursday to 01:00 on Friday, 2026-04-24.
  [
    'a midnight that does not exist',
    frozen(['2026-04-23'], { timeZone: 'Africa/Cairo' }),
    '2026-04-23T12:00:00Z',
    '2026-04-23T22:00:00Z',
  ],
  // Those of Santiago went from 23:59 on Saturday to 01:00 on Sunday, 2026-09-06.
  [
    'a midnight that does not exist, in the west',
    frozen(['2026-09-05'], { timeZone: 'America/Santiago' }),
    '2026-09-05T12:00:00Z',
    '2026-09-06T04:00:00Z',
  ],
  [
    'far in the east',
    frozen(['2026-12-24'], { timeZone: 'Pacific/Kiritimati' }),
    '2026-12-23T10:00:00Z',
    '2026-12-24T10:00:00Z',
  ],
])('%s', (_, config, at, opens) => {
  expect(maintenanceOpensAt(config, new Date(at))?.toISOString() ?? null).toBe(
    opens && new Date(opens).toISOString(),
  );
});

test('for every hour of a year it opens at the end of a freeze, or now', () => {
  const days = ['2026-02-10..2026-02-20', '2026-03-28..2026-03-29', '2026-10-24..2026-10-26'];
  const config = frozen(days);
  for (let hour = 0; hour < 365 * 24; hour += 1) {
    const at = addMs(new Date('2026-01-01T00:30:00Z'), hour * hourMs);
    const opens = maintenanceOpensAt(config, at);
    if (!opens) continue;
    expect(opens > at).toBe(true);
    expect(maintenanceOpensAt(config, opens)).toBeNull();
    expect(maintenanceOpensAt(config, addMs(opens, -1))).toEqual(opens);
  }
});

function decided(daysLeft: number, days: string) {
  const version = versionOf({
    notBefore: inDays(daysLeft - 90).toISOString(),
    notAfter: inDays(daysLeft).toISOString(),
  });
  const certificate = wanted({ maintenance: frozen([days]) });
  const record = healthy({ versions: [version] });
  const decision = decideAcquire({ certificate, issuers, record, now });
  return decision.action === 'wait' ? decision.until.toISOString() : decision.action;
}

test('a renewal waits for the end of a freeze, and no longer than urgent ones do', () => {
  const from = inDays(-1).toISOString().slice(0, 10);
  const to = (days: number) => inDays(days).toISOString().slice(0, 10);
  expect(decided(25, `${from}..${to(3)}`)).toBe(new Date(`${to(4)}T00:00:00+01:00`).toISOString());
  expect(decided(25, `${from}..${to(60)}`)).toBe(inDays(16).toISOString());
  expect(decided(8, `${from}..${to(60)}`)).toBe('begin');
});

test('dates stand beside windows, or alone', () => {
  const written = '{timeZone: UTC, freeze: [2026-12-15..2027-01-05, 2026-12-01]}';
  const beside = '{timeZone: UTC, allow: ["Sat 22:00-06:00"], freeze: [2026-12-24]}';
  const certificates = certificatesYaml({
    shop: { more: `maintenance: ${beside}` },
    docs: { names: '[d.example.com]' },
  });
  const { config } = parsed(configYaml({ certificates, retired: `maintenance: ${written}` }));
  expect(config.certificates.map(({ maintenance }) => maintenance)).toEqual([
    {
      timeZone: 'UTC',
      mode: 'allow',
      windows: [{ start: 8520, minutes: 480 }],
      freeze: [{ from: '2026-12-24', to: '2026-12-24' }],
    },
    {
      timeZone: 'UTC',
      mode: 'forbid',
      windows: [],
      freeze: [
        { from: '2026-12-15', to: '2027-01-05' },
        { from: '2026-12-01', to: '2026-12-01' },
      ],
    },
  ]);
});

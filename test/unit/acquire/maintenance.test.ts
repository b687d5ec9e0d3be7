import { expect, test } from 'vitest';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { maintenanceOpensAt } from '#shared/acquire/renewal/maintenance.ts';
import { crossedThreshold } from '#shared/check/expiry.ts';
import type { MaintenanceConfig } from '#shared/config/maintenance.ts';
import { readWindows } from '#shared/config/maintenance.ts';
import type { CertificateRecord, RenewalInfoState } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';
import {
  attemptOf,
  failureUntil,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

function maintenance(mode: 'allow' | 'forbid', ...written: string[]): MaintenanceConfig {
  const windows = written.flatMap((each) => readWindows(each) ?? expect.unreachable(each));
  return { timeZone: 'Europe/Berlin', mode, windows };
}

const saturdayNights = maintenance('allow', 'Sat 22:00-06:00');
const office = maintenance('forbid', 'Mon-Fri 08:00-18:00');

// Berlin is an hour ahead of UTC in winter and two in summer; 2026-11-22 is a Sunday.
test.each<[string, MaintenanceConfig, string, string | null]>([
  ['in a window that began the day before', saturdayNights, '2026-11-22T03:00:00Z', null],
  ['at the last minute of a window', saturdayNights, '2026-11-22T04:59:59Z', null],
  ['when a window has just closed', saturdayNights, '2026-11-22T05:00:00Z', '2026-11-28T21:00:00Z'],
  ['just before a window', saturdayNights, '2026-11-21T20:59:30Z', '2026-11-21T21:00:00Z'],
  ['at the first minute of a window', saturdayNights, '2026-11-21T21:00:00Z', null],
  ['outside of what is forbidden', office, '2026-11-22T12:00:00Z', null],
  ['inside of what is forbidden', office, '2026-11-23T12:00:00Z', '2026-11-23T17:00:00Z'],
  ['across the end of summer time', saturdayNights, '2026-10-19T12:00:00Z', '2026-10-24T20:00:00Z'],
  [
    'a week that loses an hour',
    maintenance('allow', 'Sun 12:00-13:00'),
    '2026-03-28T12:00:00Z',
    '2026-03-29T10:00:00Z',
  ],
  [
    'a window inside the hour that is skipped, where the clocks are past it at once',
    maintenance('allow', 'Sun 02:15-02:45'),
    '2026-03-28T12:00:00Z',
    '2026-04-05T00:15:00Z',
  ],
  [
    'a window whose beginning is skipped',
    maintenance('allow', 'Sun 02:30-04:00'),
    '2026-03-28T12:00:00Z',
    '2026-03-29T01:00:00Z',
  ],
  [
    'a week that gains an hour',
    maintenance('allow', 'Sun 12:00-13:00'),
    '2026-10-24T12:00:00Z',
    '2026-10-25T11:00:00Z',
  ],
  [
    'where two forbidden windows meet',
    maintenance('forbid', 'Mon 08:00-12:00', 'Mon 12:00-18:00'),
    '2026-11-23T09:00:00Z',
    '2026-11-23T17:00:00Z',
  ],
  [
    'where windows overlap',
    maintenance('forbid', 'daily 08:00-12:00', 'Mon 10:00-18:00'),
    '2026-11-23T09:00:00Z',
    '2026-11-23T17:00:00Z',
  ],
  [
    'where everything is forbidden',
    maintenance('forbid', 'daily 00:00-00:00'),
    '2026-11-23T09:00:30Z',
    '2026-11-30T09:00:00Z',
  ],
])('%s', (_, config, at, opens) => {
  expect(maintenanceOpensAt(config, new Date(at))?.toISOString() ?? null).toBe(
    opens && new Date(opens).toISOString(),
  );
});

test('the time named is in the future, and open, in every quarter of an hour around time changes', () => {
  const windows = ['Sun 02:00-03:00', 'Sun 02:15-02:45', 'Sun 01:30-02:30', 'Sun 02:30-04:00'];
  const wrong: string[] = [];
  for (const start of ['2026-03-28T18:00:00Z', '2026-10-24T18:00:00Z']) {
    for (const [mode, window] of windows.flatMap((each) => [
      ['allow' as const, each] as const,
      ['forbid' as const, each] as const,
    ])) {
      const config = maintenance(mode, window);
      for (let step = 0; step < 60; step += 1) {
        const at = addMs(new Date(start), step * 15 * minuteMs);
        const opens = maintenanceOpensAt(config, at);
        if (!opens) continue;
        if (opens > at && maintenanceOpensAt(config, opens) === null) continue;
        wrong.push(`${mode} ${window} at ${at.toISOString()}: ${opens.toISOString()}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

const due = {
  versions: [
    versionOf({ notBefore: inDays(-65).toISOString(), notAfter: inDays(25).toISOString() }),
  ],
};
/** A window that has begun, and does not end before it is asked for again. */
const advised: RenewalInfoState = {
  versionId: 'v1',
  window: {
    start: inDays(-2).toISOString(),
    end: inDays(1).toISOString(),
    selected: inDays(-1).toISOString(),
    learnedAt: now.toISOString(),
  },
  explanationUrl: null,
  nextCheckAt: inDays(1).toISOString(),
  failures: 0,
  failure: null,
};
const crlUrl = 'http://crl.example/1.crl';
const closed = maintenance('allow', 'Wed 10:00-12:00');

function decided(record: Partial<CertificateRecord>, held = closed) {
  const certificate = wanted({ maintenance: held });
  const decision = decideAcquire({ certificate, issuers, record: healthy(record), now });
  return decision.action === 'wait' ? decision.until.toISOString() : decision.action;
}

test.each<[string, Partial<CertificateRecord>, string]>([
  ['a renewal waits for the window', due, '2026-11-25T09:00:00.000Z'],
  [
    'so does one that failed in an earlier window',
    { ...due, attempt: attemptOf(), acquireFailure: failureUntil(now) },
    '2026-11-25T09:00:00.000Z',
  ],
  [
    'one that began in an earlier window, and is only slow, goes on',
    { ...due, attempt: attemptOf({ orderUrl: 'https://ca.example/order/1' }) },
    'resume',
  ],
  ['one whose CSR has left is finished', { ...due, attempt: attemptOf({ csr: 'AA' }) }, 'resume'],
  [
    'a renewal that the CA advises waits for the window too',
    { renewalInfo: advised },
    '2026-11-25T09:00:00.000Z',
  ],
  ['what is missing does not wait', { desired: null }, 'begin'],
  [
    'what a person forces does not wait',
    { ...due, forced: { at: now.toISOString(), reason: 'x' } },
    'begin',
  ],
  [
    'what is in its last tenth does not wait',
    {
      versions: [
        versionOf({ notBefore: inDays(-85).toISOString(), notAfter: inDays(5).toISOString() }),
      ],
    },
    'begin',
  ],
  [
    'a window that opens in the last tenth is not waited for',
    {
      versions: [
        versionOf({ notBefore: inDays(-80).toISOString(), notAfter: inDays(10).toISOString() }),
      ],
    },
    inDays(1).toISOString(),
  ],
  ['what is not due is left alone', {}, 'none'],
])('%s', (_, record, expected) => {
  expect(decided(record)).toBe(expected);
});

test('in the window the renewal begins', () => {
  expect(decided(due, saturdayNights)).toBe('begin');
});

test('whether it is revoked is asked while maintenance holds a renewal back, and known then', () => {
  const listed = { ...due, versions: due.versions.map((each) => ({ ...each, crlUrl })) };
  expect(decided(listed)).toBe('look');
  const asked = { versionId: 'v1', reason: null, failures: 0, failure: null };
  const nextCheckAt = inDays(1).toISOString();
  const good = { ...listed, revocation: { ...asked, revokedAt: null, nextCheckAt } };
  expect(decided(good)).toBe('2026-11-25T09:00:00.000Z');
  const revoked = { ...good.revocation, revokedAt: now.toISOString() };
  expect(decided({ ...good, revocation: revoked })).toBe('begin');
});

test('a threshold that is crossed while maintenance holds a renewal back says nothing', () => {
  const certificate = wanted({ maintenance: closed });
  // Due on a Friday with 15 days left, and let start on Wednesday with ten.
  const crossed = (daysLeft: number) => {
    const notAfter = new Date('2026-12-05T10:00:00Z');
    const notBefore = addMs(notAfter, -45 * dayMs).toISOString();
    const version = versionOf({ notBefore, notAfter: notAfter.toISOString() });
    const record = healthy({ versions: [version] });
    const at = addMs(notAfter, -daysLeft * dayMs);
    return crossedThreshold(record, certificate, [21, 14, 7, 3, 1], at)?.days ?? null;
  };
  expect([14, 11, 8, 6, 0].map(crossed)).toEqual([null, null, null, 7, 0]);
});

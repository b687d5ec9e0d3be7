import { describe, expect, test } from 'vitest';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import { certificateConditions } from '#shared/check/conditions/certificate-conditions.ts';
import { withWish } from '#shared/check/operator-request.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { readWindows } from '#shared/config/maintenance.ts';
import { believable } from '#shared/ledger/record/believable.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import {
  configWith,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

/** Lives for 90 days, is due with 30 left, and is in its last part with 9 left. */
function endsIn(days: number, change: Partial<CertificateRecord> = {}): CertificateRecord {
  const notBefore = inDays(days - 90).toISOString();
  const version = versionOf({
    notBefore,
    issuedAt: notBefore,
    notAfter: inDays(days).toISOString(),
  });
  return healthy({ versions: [version], ...change });
}

const pausedFor = (days: number) => ({
  at: inDays(-1).toISOString(),
  until: inDays(days).toISOString(),
  reason: 'the winter sale',
});

function decided(record: CertificateRecord, certificate: Partial<CertificateConfig> = {}) {
  const decision = decideAcquire({ certificate: wanted(certificate), issuers, record, now });
  return decision.action === 'wait' ? decision.until.toISOString() : decision.action;
}

describe('a paused certificate', () => {
  test.each([
    [
      'is not renewed before the pause ends',
      endsIn(20, { paused: pausedFor(5) }),
      inDays(5).toISOString(),
    ],
    ['is renewed when little of its life is left', endsIn(8, { paused: pausedFor(5) }), 'begin'],
    ['waits at most until then', endsIn(11, { paused: pausedFor(60) }), inDays(2).toISOString()],
    ['is renewed once the pause is over', endsIn(20, { paused: pausedFor(-0.5) }), 'begin'],
    [
      'is renewed at once where a person forces it',
      endsIn(20, { paused: pausedFor(5), forced: { at: now.toISOString(), reason: 'leaked' } }),
      'begin',
    ],
    ['is issued where there is none', healthy({ desired: null, paused: pausedFor(5) }), 'begin'],
  ])('%s', (_, record, expected) => {
    expect(decided(record)).toBe(expected);
  });

  test('waits for its maintenance window after the pause', () => {
    const windows = readWindows('Sat 22:00-06:00') ?? [];
    const maintenance = { timeZone: 'UTC', mode: 'allow' as const, windows };
    // 2026-11-22 is a Sunday.
    const record = endsIn(20, { paused: pausedFor(3) });
    expect(decided(record, { maintenance })).toBe('2026-11-28T22:00:00.000Z');
    const due = { ...record, paused: { ...pausedFor(3), until: inDays(-11).toISOString() } };
    expect(nextStart(due, wanted())).toEqual(inDays(-10));
    expect(nextStart(record, wanted())).toEqual(inDays(3));
  });

  test('says so, and needs nobody', () => {
    const certificate = wanted();
    const config = configWith({ certificates: [certificate] });
    const record = endsIn(20, { paused: pausedFor(5) });
    const renewable = (days: number, at: CertificateRecord) =>
      certificateConditions(
        { config, certificate, record: at, secret: null, now: inDays(days) },
        [],
      ).find(({ type }) => type === 'Renewable');
    expect(renewable(0, record)).toMatchObject({
      status: 'unknown',
      reason: 'Paused',
      message: `no renewal begins until ${inDays(5).toISOString()}: "the winter sale"`,
      danger: { severity: 'none' },
    });
    expect(renewable(6, record)?.reason).not.toBe('Paused');
    expect(renewable(12, endsIn(20, { paused: pausedFor(30) }))?.reason).not.toBe('Paused');
  });
});

describe('a wish', () => {
  const wish = { reason: 'the winter sale', overrides: false, runId: 'run-1' };

  test('to pause stands in the record and its history, once however often its run is repeated', () => {
    const pause = { ...wish, kind: 'pause', until: inDays(5) } as const;
    const record = withWish(healthy(), pause, now);
    expect(record.paused).toEqual({ ...pausedFor(5), at: now.toISOString() });
    expect(record.history.at(-1)).toMatchObject({ what: 'pause by run run-1', why: wish.reason });
    expect(withWish(record, pause, inDays(1))).toBe(record);
  });

  test('names who asks as a claim, in its history alone, and once', () => {
    const by = 'arn:aws:iam::123456789012:user/jo';
    const pause = { ...wish, by, kind: 'pause', until: inDays(5) } as const;
    const { history, ...record } = withWish(healthy(), pause, now);
    const what = `pause by run run-1, as claimed by ${by}`;
    expect(history.at(-1)).toMatchObject({ what, why: wish.reason });
    expect(JSON.stringify(record)).not.toContain(by);
    expect(withWish({ ...record, history }, pause, inDays(1)).history).toBe(history);
  });

  test('to resume ends it', () => {
    const paused = healthy({ paused: pausedFor(5) });
    expect(withWish(paused, { ...wish, kind: 'resume' }, now).paused).toBeNull();
  });
});

test('a pause that nobody can have asked for ends now', () => {
  const record = endsIn(20, { paused: { ...pausedFor(5), until: '9999-01-01T00:00:00.000Z' } });
  expect(decided(believable(record, now).value)).toBe('begin');
});

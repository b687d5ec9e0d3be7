import { describe, expect, test } from 'vitest';
import { type Wish, withWish } from '#shared/check/operator-request.ts';
import { withVersions } from '#shared/check/version-wish.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

const reason = 'clients refuse it';

/** v1, v2 and v3, a day apart; v3 is in service. */
function three(change: Partial<CertificateRecord> = {}): CertificateRecord {
  const versions = ['v1', 'v2', 'v3'].map((id, at) => {
    const issuedAt = inDays(at - 3).toISOString();
    return versionOf({ id, serial: `0${at + 1}`, issuedAt, notBefore: issuedAt });
  });
  return healthy({ desired: 'v3', versions, ...change });
}

function wished(
  wish: Pick<Wish, 'kind'> & Partial<Wish>,
  record = three(),
  certificate: Partial<CertificateConfig> = {},
): CertificateRecord {
  const whole: Wish = { reason, overrides: false, runId: 'r', ...wish };
  const concerned = [{ certificate: wanted(certificate), record }];
  return withWish(record, withVersions(whole, concerned, now), now);
}

const barred = [{ versionId: 'v2', at: inDays(-1).toISOString(), reason }];

describe('a wish about a version', () => {
  test.each([
    ['goes back to the one before', {}, 'v2'],
    ['goes back to the one with that id', { version: 'v1' }, 'v1'],
    ['goes back to the one with that serial', { version: '01' }, 'v1'],
  ])('%s', (_, wish, expected) => {
    expect(wished({ kind: 'rollback', ...wish }).chosen).toMatchObject({
      versionId: expected,
      reason,
      until: null,
    });
  });

  test('bars the one in service, or another, and ends that', () => {
    const ids = (record: CertificateRecord) => record.barred.map(({ versionId }) => versionId);
    expect(ids(wished({ kind: 'bar' }))).toEqual(['v3']);
    expect(ids(wished({ kind: 'bar', version: 'v1' }, three({ barred })))).toEqual(['v2', 'v1']);
    expect(ids(wished({ kind: 'unbar' }, three({ barred })))).toEqual([]);
  });

  test('has the one in service revoked, and replaced whatever the limits say', () => {
    const record = wished({ kind: 'revoke', code: 'superseded' });
    expect(record.revoking).toMatchObject({ versionId: 'v3', code: 'superseded', reason });
    expect(record.forced).toMatchObject({ override: true });
  });

  test.each([
    ['not for a reason without a leak', 'superseded', 'reuse', false],
    ['not where each has a key of its own', 'keyCompromise', 'always', false],
    ['where the key that leaked is in service', 'keyCompromise', 'reuse', true],
  ] as const)(
    'about an earlier one replaces the one in service: %s',
    (_, code, rotation, isForced) => {
      const record = wished({ kind: 'revoke', code, version: 'v1' }, three(), { rotation });
      expect(record.revoking?.versionId).toBe('v1');
      expect(record.forced !== null).toBe(isForced);
    },
  );

  test.each<readonly [string, Partial<Wish> & Pick<Wish, 'kind'>, CertificateRecord]>([
    ['shop: there is no version v9; there are v1, v2, v3', { kind: 'bar', version: 'v9' }, three()],
    ['shop: v3 is in service already', { kind: 'rollback', version: 'v3' }, three()],
    ['shop: there is no earlier version', { kind: 'rollback' }, three({ desired: 'v1' })],
    [
      'shop: v2 cannot be put back: it is barred',
      { kind: 'rollback', version: 'v2' },
      three({ barred }),
    ],
    ['shop: no version is barred', { kind: 'unbar' }, three()],
    [
      'shop: there is no certificate yet',
      { kind: 'bar' },
      healthy({ desired: null, versions: [] }),
    ],
  ])('is refused: %s', (expected, wish, record) => {
    expect(() => wished(wish, record)).toThrow(expected);
  });

  test('is not done twice by a run that Lambda repeats', () => {
    const record = wished({ kind: 'rollback' });
    const moved = { ...record, desired: 'v2' };
    expect(wished({ kind: 'rollback' }, moved)).toBe(moved);
  });
});

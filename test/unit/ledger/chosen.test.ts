import { describe, expect, test } from 'vitest';
import { putAside, versionBefore, versionToServe } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { healthy, inDays, now, versionOf } from '#test/support/healthy.ts';

const names = ['example.com'];

/** v1, v2 and v3, issued thirty days apart; v3 is in service. */
function three(
  change: Partial<CertificateRecord> = {},
  changes: Readonly<Record<string, Partial<Version>>> = {},
): CertificateRecord {
  const versions = ['v1', 'v2', 'v3'].map((id, at) => {
    const issuedAt = inDays(30 * at - 61).toISOString();
    const notAfter = inDays(30 * at + 29).toISOString();
    return versionOf({ id, names, issuedAt, notBefore: issuedAt, notAfter, ...changes[id] });
  });
  return healthy({ desired: 'v3', versions, ...change });
}

const chosen = (versionId: string, change: object = {}) => ({
  at: inDays(-0.5).toISOString(),
  versionId,
  until: null,
  reason: 'clients refuse the new one',
  ...change,
});

const barred = (...ids: string[]) =>
  ids.map((versionId) => ({ versionId, at: now.toISOString(), reason: 'broken' }));

const served = (record: CertificateRecord) => versionToServe(record, names, now)?.id ?? null;

describe('the version that belongs into service', () => {
  test.each([
    ['is the newest', three(), 'v3'],
    ['is the one that a person chose', three({ chosen: chosen('v2') }), 'v2'],
    [
      'is the newest again after the given time',
      three({ desired: 'v2', chosen: chosen('v2', { until: inDays(-0.1).toISOString() }) }),
      'v3',
    ],
    [
      'is the newest again where one was issued since',
      three({ desired: 'v2', chosen: chosen('v2', { at: inDays(-2).toISOString() }) }),
      'v3',
    ],
    ['is none that is revoked', three({ chosen: chosen('v2') }, revoked('v2')), 'v3'],
    ['is none that is barred', three({ chosen: chosen('v2'), barred: barred('v2') }), 'v3'],
    [
      'is none that ends within a day',
      three({ chosen: chosen('v1') }, { v1: { notAfter: inDays(0.9).toISOString() } }),
      'v3',
    ],
    [
      'is none that lacks a configured name',
      three({ chosen: chosen('v2') }, { v2: { names: ['www.example.com'] } }),
      'v3',
    ],
    [
      'is none that the key store does not hold',
      three({ chosen: chosen('v2') }, { v2: { unusable: 'it is gone' } }),
      'v3',
    ],
    ['is none that the record does not know', three({ chosen: chosen('v9') }), 'v3'],
    ['is the one before a barred one', three({ barred: barred('v3') }), 'v2'],
    ['is the last that is not barred', three({ barred: barred('v3', 'v2') }), 'v1'],
    [
      'stays the barred one where no other is left',
      three({ barred: barred('v1', 'v2', 'v3') }),
      'v3',
    ],
    [
      'does not go back to the newest where that is barred',
      three({ desired: 'v2', barred: barred('v3') }),
      'v2',
    ],
    ['is none without one in service', three({ desired: null, chosen: chosen('v2') }), null],
  ])('%s', (_, record, expected) => {
    expect(served(record)).toBe(expected);
  });
});

test.each([
  ['the one before', three(), 'v2'],
  ['the one before the one that was put back', three({ desired: 'v2' }), 'v1'],
  ['one before that is usable', three({ barred: barred('v2') }), 'v1'],
  ['none before the first', three({ desired: 'v1' }), null],
])('a person who names no version goes back to %s', (_, record, expected) => {
  expect(versionBefore(record, names, now)?.id ?? null).toBe(expected);
});

test('the newest counts as put aside as long as the chosen one is in service', () => {
  expect(putAside(three({ desired: 'v2', chosen: chosen('v2') }))?.id).toBe('v3');
  expect(putAside(three({ chosen: chosen('v2') }))).toBeNull();
  expect(putAside(three({ desired: 'v2' }))).toBeNull();
  // One that was issued since has ended the choice, also where it is barred later.
  const earlier = chosen('v2', { at: inDays(-20).toISOString() });
  expect(putAside(three({ desired: 'v2', chosen: earlier, barred: barred('v3') }))).toBeNull();
});

function revoked(id: string) {
  return { [id]: { revokedAt: now.toISOString() } };
}

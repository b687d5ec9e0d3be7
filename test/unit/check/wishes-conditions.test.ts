import { expect, test } from 'vitest';
import { certificateConditions } from '#shared/check/conditions/certificate-conditions.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Condition } from '#shared/status/condition.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import {
  configWith,
  failureUntil,
  healthy,
  inDays,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

const secret = { versionId: 'v2', at: now.toISOString(), state: 'there' } as const;
const asked = inDays(-0.1).toISOString();
const chosen = { at: asked, versionId: 'v1', until: null, reason: 'clients refuse it' };
const revoking = { at: asked, versionId: 'v1', code: 'keyCompromise', reason: 'leaked' } as const;

/** v2 is in service, and v1 was before it. */
function two(change: Partial<CertificateRecord> = {}, first: object = {}): CertificateRecord {
  const issuedAt = inDays(-1).toISOString();
  const second = versionOf({ id: 'v2', serial: '0B', issuedAt, notBefore: issuedAt });
  return healthy({ desired: 'v2', versions: [versionOf(first), second], ...change });
}

function openAt(record: CertificateRecord, at: Date, before: readonly Condition[] = []) {
  const config = configWith();
  const given = { config, certificate: wanted(), record, secret: { ...secret }, now: at };
  return certificateConditions(
    { ...given, secret: { ...secret, versionId: record.desired ?? '' } },
    before,
  ).filter(({ status }) => status !== 'true');
}

test.each([
  ['one that a person put back', two({ chosen, desired: 'v1' }), 'PutBack', 'none'],
  ['one that is being put back', two({ chosen }), 'BeingPutBack', 'none'],
  [
    'one that cannot be put back',
    two({ chosen }, { unusable: 'the key store does not hold it' }),
    'VersionNotUsable',
    'warning',
  ],
  ['one that is to be revoked', two({ revoking }), 'BeingRevoked', 'none'],
  [
    'one that the CA does not revoke',
    two({
      revoking,
      revokeTried: {
        wish: asked,
        doneAt: null,
        failure: failureUntil(inDays(1), { count: 3, error: 'NotRevoked' }),
      },
    }),
    'NotRevoked',
    'warning',
  ],
] as const)('%s is one condition', (_, record, reason, severity) => {
  expect(openAt(record, now).map((each) => [each.reason, each.danger.severity])).toEqual([
    [reason, severity],
  ]);
});

test('one that is not put back within half an hour needs somebody', () => {
  const before = openAt(two({ chosen }), now);
  const later = openAt(two({ chosen }), addMs(now, 31 * minuteMs), before);
  expect(later.map(({ danger, reason }) => [reason, danger.severity])).toEqual([
    ['PutBackOverdue', 'warning'],
  ]);
});

test('one that was revoked because a person asked for it is no trouble', () => {
  const issuedAt = inDays(-0.05).toISOString();
  const second = versionOf({ id: 'v2', serial: '0B', issuedAt, notBefore: issuedAt });
  const versions = [versionOf({ revokedAt: now.toISOString() }), second];
  const done = { wish: asked, doneAt: now.toISOString(), failure: null };
  expect(openAt(two({ versions, revoking, revokeTried: done }), now)).toEqual([]);
  expect(openAt(two({ versions }), now).map(({ reason }) => reason)).toEqual(['Revoked']);
});

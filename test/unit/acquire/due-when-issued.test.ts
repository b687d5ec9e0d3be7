import { expect, test } from 'vitest';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { doubtedIssuer, putOff } from '#shared/acquire/renewal/due-when-issued.ts';
import type { Reason } from '#shared/acquire/renewal/rules.ts';
import { withWish } from '#shared/check/operator-request.ts';
import { retryDelaysMs } from '#shared/ledger/backoff.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { healthy, inDays, issuers, now, versionOf, wanted } from '#test/support/healthy.ts';
import { updatedBy } from '#test/support/updated-by.ts';

const revoked: Reason = { rule: 'revoked', text: 'revoked at once' };
const ending: Reason = { rule: 'ends-soon', text: 'ends at once' };
const run = { now, jitter: 0, delaysMs: retryDelaysMs };

/** One after the other is issued now and due now. */
function inARow(count: number, reason: Reason): CertificateRecord {
  let record = healthy();
  for (let at = 0; at < count; at += 1) {
    const version = versionOf({ id: `v${at}`, notBefore: now.toISOString() });
    record = putOff({ ...record, desired: version.id, versions: [version] }, reason, run);
  }
  return record;
}

function waitAfter(record: CertificateRecord): number {
  return Date.parse(record.dueWhenIssued?.failure.nextAttemptAt ?? '') - now.getTime();
}

const told = ({ outbox }: CertificateRecord) => outbox.length;

test('a certificate that ends at once waits from the first on, is reported, and again after seven more', () => {
  const waits = [1, 2, 3, 4, 5].map((count) => waitAfter(inARow(count, ending)));
  const minutes = [1, 10, 100].map((count) => count * minuteMs);
  expect(waits).toEqual([...minutes, dayMs, dayMs]);
  expect([1, 2, 7, 8].map((count) => told(inARow(count, ending)))).toEqual([1, 1, 1, 2]);
});

test('a certificate that is revoked early is replaced at once the first time, without this message', () => {
  const waits = [1, 2, 3].map((count) => waitAfter(inARow(count, revoked)));
  expect(waits).toEqual([0, 10 * minuteMs, 100 * minuteMs]);
  expect([1, 2, 3].map((count) => told(inARow(count, revoked)))).toEqual([0, 1, 1]);
});

test('it is written down once for each version', () => {
  const record = inARow(1, ending);
  expect(putOff(record, ending, run)).toBe(record);
});

test('after the second in a row, its issuer is asked last', () => {
  expect([1, 2].map((count) => doubtedIssuer(inARow(count, revoked)))).toEqual([null, 'local']);
});

test('the next one waits for its time; a retry, a force and another configuration do not', () => {
  const revocation = {
    versionId: 'v1',
    revokedAt: now.toISOString(),
    reason: null,
    nextCheckAt: inDays(1).toISOString(),
    failures: 0,
    failure: null,
  };
  const record = { ...inARow(2, revoked), revocation };
  const actionOf = (given: CertificateRecord, names = wanted().names) =>
    decideAcquire({ certificate: wanted({ names }), issuers, record: given, now }).action;
  const wish = { reason: 'mended', overrides: false, runId: 'r1' };
  const wished = (kind: 'retry' | 'force') =>
    updatedBy('check', record, (before) => withWish(before, { ...wish, kind }, now), now);
  expect(actionOf(record)).toBe('wait');
  expect(actionOf(wished('retry'))).toBe('begin');
  expect(actionOf(wished('force'))).toBe('begin');
  expect(actionOf(record, ['example.com'])).toBe('begin');
});

test('a certificate that is due after a tenth of its life is renewed like others', () => {
  const at = (daysOld: number) => {
    const version = versionOf({
      notBefore: inDays(-daysOld).toISOString(),
      notAfter: inDays(90 - daysOld).toISOString(),
    });
    const revocation = {
      versionId: 'v1',
      revokedAt: addMs(now, -hourMs).toISOString(),
      reason: null,
      nextCheckAt: inDays(1).toISOString(),
      failures: 0,
      failure: null,
    };
    const record = healthy({ versions: [version], revocation });
    return decideAcquire({ certificate: wanted(), issuers, record, now }).action;
  };
  expect([8, 10].map(at)).toEqual(['put-off', 'begin']);
});

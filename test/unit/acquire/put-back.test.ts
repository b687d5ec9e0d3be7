import { describe, expect, test } from 'vitest';
import { decideAcquire } from '#shared/acquire/decide.ts';
import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { healthy, inDays, issuers, now, versionOf, wanted } from '#test/support/healthy.ts';

/** Of ninety days, with so many left. */
function lasting(id: string, days: number, change: Partial<Version> = {}): Version {
  const issuedAt = inDays(days - 90).toISOString();
  const notAfter = inDays(days).toISOString();
  return versionOf({ id, issuedAt, notBefore: issuedAt, notAfter, ...change });
}

/** v1, which a person put back, has so many days left, and v2, which was put aside for it, so many. */
function putBack(
  first: number,
  second: number,
  change: Partial<CertificateRecord> = {},
  newest: Partial<Version> = {},
): CertificateRecord {
  const chosen = { at: now.toISOString(), versionId: 'v1', until: null, reason: 'refused' };
  const versions = [lasting('v1', first), lasting('v2', second, newest)];
  return healthy({ desired: 'v1', versions, chosen, ...change });
}

const window = {
  start: inDays(-2).toISOString(),
  end: inDays(1).toISOString(),
  selected: inDays(-1).toISOString(),
  learnedAt: inDays(-70).toISOString(),
};
const advice = {
  versionId: 'v1',
  window,
  explanationUrl: null,
  askedAt: now.toISOString(),
  nextCheckAt: inDays(1).toISOString(),
  failures: 0,
  failure: null,
};

function actionOn(record: CertificateRecord, certificate: Partial<CertificateConfig> = {}) {
  return decideAcquire({ certificate: wanted(certificate), issuers, record, now }).action;
}

describe('while a version is back in service', () => {
  test.each<readonly [string, string, CertificateRecord, Partial<CertificateConfig>]>([
    ['is not renewed though it is due itself', 'none', putBack(20, 80), {}],
    ['nor because its CA advises that', 'none', putBack(20, 80, { renewalInfo: advice }), {}],
    ['is renewed when the newest is due', 'begin', putBack(20, 29), {}],
    ['is renewed when little of its own life is left', 'begin', putBack(8, 80), {}],
    [
      'is not renewed for a key that the newest has',
      'none',
      putBack(50, 80, {}, { keyAlgorithm: 'rsa-2048' }),
      { key: 'rsa-2048' },
    ],
    ['is renewed for a key that the newest lacks', 'begin', putBack(50, 80), { key: 'rsa-2048' }],
    [
      'is renewed where a person forces it',
      'begin',
      putBack(50, 80, { forced: { at: now.toISOString(), reason: 'leaked' } }),
      {},
    ],
  ])('the certificate %s', (_, action, record, certificate) => {
    expect(actionOn(record, certificate)).toBe(action);
  });

  test('the next one is due with the newest, or with the last tenth of the one in service', () => {
    expect(nextStart(putBack(20, 80), wanted())).toEqual(inDays(11));
    expect(nextStart(putBack(70, 80), wanted())).toEqual(inDays(50));
  });
});

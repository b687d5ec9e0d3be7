import { describe, expect, test } from 'vitest';
import { configurationOf } from '#shared/acquire/configuration.ts';
import { decideAcquire } from '#shared/acquire/decide.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import {
  attemptOf,
  configWith,
  failureUntil,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

const later = addMs(now, hourMs);
const earlier = addMs(now, -hourMs);
const intent = {
  attemptId: 'a0',
  solver: 'route53',
  zoneId: 'Z1',
  name: '_acme-challenge.example.com',
  value: 'x',
};
const missing = { desired: null, versions: [] };
const forcedAt = (at: Date) => ({ at: at.toISOString(), reason: 'the key leaked' });

const revokedAt = (at: Date) => ({
  versionId: 'v1',
  revokedAt: at.toISOString(),
  reason: 'keyCompromise',
  nextCheckAt: at.toISOString(),
  failures: 0,
  failure: null,
});

function decided(record: Partial<CertificateRecord>, certificate: Partial<CertificateConfig> = {}) {
  return decideAcquire({ certificate: wanted(certificate), issuers, record: healthy(record), now })
    .action;
}

test.each<[string, Partial<CertificateRecord>, string]>([
  ['a healthy certificate needs nothing', {}, 'none'],
  ['values of an earlier attempt are cleaned up', { txt: [intent] }, 'clean-up'],
  ['an attempt that nobody needs is given up', { attempt: attemptOf() }, 'clean-up'],
  [
    'an attempt whose CSR has left for its order is brought to its end all the same',
    { attempt: attemptOf({ csr: 'AA', orderUrl: 'https://ca.example/order/1' }) },
    'resume',
  ],
  [
    'one with a CSR and no order is given up: without a reason none is made',
    { attempt: attemptOf({ csr: 'AA' }) },
    'clean-up',
  ],
  [
    'an attempt with the id of a version is none of certkeep',
    { attempt: attemptOf({ id: 'v1' }), forced: forcedAt(now) },
    'begin',
  ],
  ['a missing certificate begins', missing, 'begin'],
  ['an attempt under way goes on', { ...missing, attempt: attemptOf() }, 'resume'],
  [
    'a failure is waited for',
    { ...missing, attempt: attemptOf(), acquireFailure: failureUntil(later) },
    'wait',
  ],
  [
    'a failure whose time has come is tried again',
    { ...missing, attempt: attemptOf(), acquireFailure: failureUntil(now) },
    'resume',
  ],
  [
    'a slow CA is waited for',
    { ...missing, attempt: attemptOf({ lookAgainAt: later.toISOString() }) },
    'wait',
  ],
  [
    'a force begins anew where the attempt has taken over the old key, also with its CSR away',
    { attempt: attemptOf({ reuseKey: true, csr: 'AA' }), forced: forcedAt(now) },
    'begin',
  ],
  [
    'so does a revocation',
    { attempt: attemptOf({ reuseKey: true }), revocation: revokedAt(now) },
    'begin',
  ],
  [
    'a force goes on with an attempt that has made its own key',
    { attempt: attemptOf({ reuseKey: false }), forced: forcedAt(now) },
    'resume',
  ],
  [
    'a force after the failure skips the waiting',
    {
      attempt: attemptOf({ startedAt: earlier.toISOString() }),
      acquireFailure: failureUntil(later, { lastAt: earlier.toISOString() }),
      forced: forcedAt(now),
    },
    'resume',
  ],
  [
    'a force before the failure skips nothing: a rate limit is not asked again every ten minutes',
    {
      attempt: attemptOf({ startedAt: inDays(-1).toISOString() }),
      acquireFailure: failureUntil(later, { count: 0, error: 'IssuerRateLimited' }),
      forced: forcedAt(earlier),
    },
    'wait',
  ],
])('%s', (_, record, action) => {
  expect(decided(record)).toBe(action);
});

test.each<[string, Partial<CertificateConfig>]>([
  ['names', { names: ['example.com', 'www.example.com'] }],
  ['key', { key: 'rsa-2048' }],
  ['issuer', { issuers: ['other'] }],
])('a changed %s begins at once, whatever the attempt before waits for', (_, change) => {
  const waiting = {
    attempt: attemptOf({ csr: 'AA', lookAgainAt: later.toISOString() }),
    acquireFailure: failureUntil(later),
  };
  expect(decided(waiting, change)).toBe('begin');
});

test.each([
  ['the same issuer and solvers wait', 'c1', 'wait'],
  ['others are tried at once, since they may be what a person corrected', 'c2', 'resume'],
])('%s', (_, configuration, action) => {
  const waiting = { ...missing, attempt: attemptOf(), acquireFailure: failureUntil(later) };
  const situation = {
    certificate: wanted(),
    issuers,
    record: healthy(waiting),
    configuration,
    now,
  };
  expect(decideAcquire(situation).action).toBe(action);
});

describe('a solver or an issuer that is changed', () => {
  const base = configWith({
    solvers: [{ type: 'route53', cnameStrategy: 'none', selector: { dnsZones: ['example.com'] } }],
  });
  const own = configurationOf(base, wanted());
  const decidedWith = (configuration: string, error: string) => {
    const failing = {
      ...missing,
      attempt: attemptOf({ configuration: own }),
      acquireFailure: failureUntil(later, { error }),
    };
    const record = healthy(failing);
    return decideAcquire({ certificate: wanted(), issuers, record, configuration, now }).action;
  };
  const withSolver = (zone: string) => {
    const added = { type: 'route53', cnameStrategy: 'follow', selector: { dnsZones: [zone] } };
    return configurationOf({ ...base, solvers: [added as never, ...base.solvers] }, wanted());
  };
  const withIssuer = (change: object) => {
    const local = { ...issuers.local, ...change } as never;
    return configurationOf({ ...base, issuers: { local } }, wanted());
  };

  test.each([
    ['a failure is tried at once', withSolver('example.com'), 'OrderInvalid', 'resume'],
    ['it was of another zone: waits', withSolver('example.net'), 'OrderInvalid', 'wait'],
    ['a limit of the CA stays', withSolver('example.com'), 'IssuerRateLimited', 'wait'],
    [
      'so it does with other contacts',
      withIssuer({ contact: ['mailto:a@b'] }),
      'BudgetSpent',
      'wait',
    ],
    [
      'another CA has not set it',
      withIssuer({ directory: 'https://o/' }),
      'IssuerRateLimited',
      'resume',
    ],
    ['other limits are looked at', withIssuer({ limits: {} }), 'BudgetSpent', 'resume'],
  ])('%s', (_, configuration, error, action) => {
    expect(decidedWith(configuration, error)).toBe(action);
  });
});

test('the same names in another order are the same attempt', () => {
  const record = { ...missing, attempt: attemptOf() };
  expect(decided(record, { names: ['*.example.com', 'example.com'] })).toBe('resume');
});

describe('the CA is asked about the certificate in service', () => {
  const crlUrl = 'http://crl.example/1.crl';
  const ending = { notBefore: inDays(-85).toISOString(), notAfter: inDays(5).toISOString() };

  test('while there is nothing to issue', () => {
    expect(decided({ versions: [versionOf({ crlUrl })] })).toBe('look');
  });

  test('while an attempt waits', () => {
    const waiting = { attempt: attemptOf({ lookAgainAt: later.toISOString() }) };
    expect(decided({ ...waiting, versions: [versionOf(ending)] })).toBe('wait');
    expect(decided({ ...waiting, versions: [versionOf({ ...ending, crlUrl })] })).toBe('look');
  });
});

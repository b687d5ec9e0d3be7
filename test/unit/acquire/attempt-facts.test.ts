import { expect, test } from 'vitest';
import {
  authorizationSettled,
  authorizationsSlow,
  begun,
  csrSent,
  newOrderFailed,
  orderExpired,
  ordered,
  resumed,
} from '#shared/acquire/attempt.ts';
import { failed, handedOver } from '#shared/acquire/failure/acquire-failure.ts';
import { CertkeepError } from '#shared/errors.ts';
import { AcmeProblem } from '#shared/issuers/acme/problem.ts';
import type { FallbackState } from '#shared/ledger/record/record.ts';
import {
  attemptOf,
  failureUntil,
  healthy,
  inDays,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

const at = now.toISOString();
const order = { url: 'https://ca.example/order/1', standing: 'new', profile: null } as const;
const _next = versionOf({ id: 'a1', serial: '0B' });
const failure = failureUntil(inDays(1));
const fault = { failure, faults: 1 };
const withBegun = healthy({ attempt: attemptOf() });
const error = new CertkeepError('OrderInvalid', 'no TXT record');
const run = { attemptId: 'a1', error, now, certificate: wanted(), renewedId: 'a2', link: null };

test('an attempt begins without what is known of issuers that have left', () => {
  const proven: FallbackState = { provenAt: at, nextCheckAt: at, failures: 0, failure: null };
  const record = healthy({ fallbacks: { left: proven, second: proven } });
  const { fallbacks } = begun(record, attemptOf(), wanted({ issuers: ['local', 'second'] }));
  expect(fallbacks).toEqual({ second: proven });
});

test.each([
  ['v1', true],
  ['v0', false],
])('that %s was due when it was issued is counted on: %s', (versionId, isKept) => {
  const dueWhenIssued = { versionId, failure };
  const after = begun(healthy({ dueWhenIssued }), attemptOf(), wanted());
  expect(after.dueWhenIssued).toEqual(isKept ? dueWhenIssued : null);
});

test('another configuration looks at the names anew, and plans anew', () => {
  const value = { attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' };
  const txt = [{ ...value, authorization: 'https://ca.example/authz/1' }];
  const after = resumed(healthy({ attempt: attemptOf({ checked: 2 }), txt }), 'c2');
  expect(after.attempt).toMatchObject({ configuration: 'c2', checked: 0 });
  expect(after.txt).toEqual([value]);
});

test('a new order begins with nothing that was reached for the one before', () => {
  const attempt = attemptOf({ checked: 2, settled: ['u'], finalizeUrl: 'f', waitingSince: at });
  const reached = { checked: 0, settled: [], finalizeUrl: null, waitingSince: null };
  expect(ordered(healthy({ attempt }), 'a1', order).attempt).toMatchObject(reached);
});

test('a CSR that is sent ends the wait for what came before', () => {
  const record = healthy({ attempt: attemptOf({ waitingSince: at }) });
  const request = { csr: 'AA', finalizeUrl: 'f' };
  expect(csrSent(record, 'a1', request).attempt).toMatchObject({ ...request, waitingSince: null });
});

test('an order that expires takes its authorizations with it', () => {
  const record = healthy({ attempt: attemptOf({ orderUrl: 'o', settled: ['u'] }) });
  expect(orderExpired(record, 'a1').attempt).toMatchObject({ orderUrl: null, settled: [] });
});

test('a CA that fails at an order is asked without what it replaces, and then with it again', () => {
  const once = newOrderFailed(healthy({ attempt: attemptOf() }), 'a1');
  expect(once.attempt?.withoutReplaces).toBe(true);
  expect(newOrderFailed(once, 'a1').attempt?.withoutReplaces).toBe(false);
});

test('authorizations are settled one by one, and forgotten together where the CA is slow', () => {
  const both = ['u1', 'u2'].reduce(
    (record, url) => authorizationSettled(record, 'a1', url),
    healthy({ attempt: attemptOf() }),
  );
  expect(both.attempt?.settled).toEqual(['u1', 'u2']);
  expect(authorizationsSlow(both, 'a1').attempt?.settled).toEqual([]);
});

test('what takes its place goes on with its reason, and knows who had a turn', () => {
  const attempt = attemptOf({ tried: ['first'], csr: 'AA', keyStored: true });
  const after = failed(healthy({ attempt }), run, {
    failure,
    faults: 1,
    goesOnWith: 'another-key',
  }).attempt;
  const { reason, issuer, configuration } = attempt;
  expect(after).toMatchObject({
    id: 'a2',
    reason,
    issuer,
    configuration,
    tried: ['first'],
    faults: 1,
  });
});

test.each([
  ['reuse', true, true],
  ['reuse', false, false],
  ['always', true, false],
] as const)(
  'rotation %s, key taken over: %s; by what takes its place: %s',
  (rotation, reuseKey, isReused) => {
    const record = healthy({ attempt: attemptOf({ reuseKey }) });
    const facts = { failure, faults: 1, goesOnWith: 'another-key' } as const;
    const after = failed(record, { ...run, certificate: wanted({ rotation }) }, facts);
    expect(after.attempt?.reuseKey).toBe(isReused);
  },
);

test('another issuer begins without faults, and people and the history hear of it', () => {
  const to = { issuer: 'other', tried: ['local'], atOnce: true };
  const after = handedOver(healthy({ attempt: attemptOf() }), run, { failure, to });
  expect(after.attempt).toMatchObject({ issuer: 'other', tried: ['local'], faults: 0 });
  expect(after.history.map(({ what }) => what)).toContain('handed over to other');
  expect(after.outbox).toMatchObject([
    { summary: expect.stringContaining('other takes its place'), details: { nextAttemptAt: at } },
  ]);
});

test('a refusal that a person has to lift is critical, also where its page is not shown', () => {
  const link = 'https://elsewhere.example/visit';
  const facts = { type: 'userActionRequired', status: 403, detail: 'x', subproblems: [] };
  const cause = new AcmeProblem({ ...facts, retryAfter: null, url: 'https://ca.example/', link });
  const met = new CertkeepError('IssuerRefused', 'no', { cause });
  const severityAfter = (refusal: CertkeepError) =>
    failed(withBegun, { ...run, error: refusal }, { ...fault, goesOnWith: 'the-same-order' })
      .outbox[0]?.severity;
  expect([severityAfter(error), severityAfter(met)]).toEqual(['warning', 'critical']);
});

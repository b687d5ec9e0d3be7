import { describe, expect, test } from 'vitest';
import {
  authorizationSettled,
  authorizationsSlow,
  begun,
  newOrderFailed,
  ordered,
  resumed,
  stored,
} from '#shared/acquire/attempt.ts';
import { failed, handedOver } from '#shared/acquire/failure/acquire-failure.ts';
import { CertkeepError } from '#shared/errors.ts';
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
const next = versionOf({ id: 'a1', serial: '0B' });
const failure = failureUntil(inDays(1));
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

test('another configuration looks at the names anew', () => {
  const record = healthy({ attempt: attemptOf({ checked: 2 }) });
  expect(resumed(record, 'c2').attempt).toMatchObject({ configuration: 'c2', checked: 0 });
});

test('a new order begins with nothing that was reached for the one before', () => {
  const attempt = attemptOf({ checked: 2, settled: ['u'], finalizeUrl: 'f', waitingSince: at });
  const reached = { checked: 0, settled: [], finalizeUrl: null, waitingSince: null };
  expect(ordered(healthy({ attempt }), 'a1', order).attempt).toMatchObject(reached);
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
    { summary: expect.stringContaining('other takes its place') },
  ]);
});

describe('the write that makes a version desired', () => {
  test('ends the attempt and holds the event', () => {
    const forced = { at, reason: 'the key leaked' };
    const before = healthy({ attempt: attemptOf(), forced, acquireFailure: failureUntil(now) });
    const after = stored(before, next, ['v1']);
    expect(after).toMatchObject({
      desired: 'a1',
      attempt: null,
      forced: null,
      acquireFailure: null,
    });
    expect(after.outbox.map(({ id }) => id)).toEqual(['shop-issued-a1']);
  });

  test('told twice is one event', () => {
    const after = stored(healthy(), next, ['v1']);
    expect(stored({ ...after, desired: 'v1' }, next, ['v1']).outbox).toHaveLength(1);
  });

  test('forgets the versions that are kept no longer', () => {
    const versions = ['v1', 'v2', 'v3'].map((id) => versionOf({ id }));
    const after = stored(healthy({ versions, desired: 'v3' }), next, ['v1', 'v3']);
    expect(after.versions.map(({ id }) => id)).toEqual(['v1', 'v3', 'a1']);
  });

  test.each([
    ['before the attempt', inDays(-1), true, false],
    ['while the attempt made a key of its own', inDays(1), false, false],
    ['after the attempt had taken over the old key', inDays(1), true, true],
  ])('does what a force asks for that came %s, or leaves it', (_, from, reuseKey, isLeft) => {
    const forced = { at: from.toISOString(), reason: 'the key leaked' };
    const record = healthy({ attempt: attemptOf({ reuseKey }), forced });
    expect(stored(record, next, []).forced).toEqual(isLeft ? forced : null);
  });
});

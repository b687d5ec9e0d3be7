import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { closed } from '#shared/acquire/failure/breaker.ts';
import { reportOutcome } from '#shared/acquire/failure/choose-issuer.ts';
import { failoverAfter } from '#shared/acquire/failure/failover.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { CertkeepError } from '#shared/errors.ts';
import { nextFailure } from '#shared/ledger/backoff.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { attemptOf, failureUntil, now, versionOf } from '#test/support/healthy.ts';

const spent = (days: number) =>
  new CertkeepError('BudgetSpent', 'used up', { retryAt: addMs(now, days * dayMs) });
const issuers = ['first', 'second'];

test.each([
  [30, undefined],
  [50, 'second'],
])('a limit that is used up for %s of 80 days hands over to %s', (days, next) => {
  const moved = failoverAfter({
    certificate: { issuers },
    attempt: attemptOf({ issuer: 'first' }),
    error: spent(days),
    version: versionOf(),
    open: new Set(),
    now,
  });
  expect(moved?.issuer).toBe(next);
});

test('an order that was not sent tells the others nothing about the CA', async () => {
  const clock = virtualClock();
  const issuerBook = s3IssuerBook(fakeObjectStore(), () => 'https://ca.example/directory');
  const failing = { ...closed, faults: 2 };
  await issuerBook.update('first', () => failing);
  const log = { info() {}, warn() {}, error() {} };
  const attempt = { id: 'a1', issuer: 'first' };
  await reportOutcome({ issuerBook, clock, log }, { id: 'shop', issuers }, attempt, spent(1));
  expect(await issuerBook.read('first')).toEqual(failing);
});

test('waiting for a limit is no failure', () => {
  const before = failureUntil(now, { count: 2 });
  const { retryAt, name, message } = spent(1);
  const after = nextFailure(before, { name, message, retryAt }, now, { endOfLife: null });
  expect(after).toMatchObject({ count: 2, nextAttemptAt: retryAt?.toISOString() });
});

test('a book that another CA left under the same name of a file is not believed', async () => {
  const clock = virtualClock();
  const book = s3BudgetBook(fakeObjectStore(), clock);
  const fullAt = addMs(clock.now(), hourMs).getTime();
  await book.update('https://ca.example/a/b', () => ({ 'orders:one': fullAt }));
  expect(await book.read('https://ca.example/a/b')).toEqual({ 'orders:one': fullAt });
  expect(await book.read('https://ca.example/a-b')).toEqual({});
});

import { expect, test } from 'vitest';
import { failAttempt } from '#shared/acquire/fail.ts';
import { s3IssuerBook } from '#shared/acquire/issuer-book.ts';
import { addMs, hourMs, minuteMs, secondMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { attemptOf, failureUntil, healthy, now, wanted } from '#test/support/healthy.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const later = addMs(now, hourMs);

async function after(error: unknown, change: Partial<CertificateRecord> = {}) {
  let record = healthy({
    attempt: attemptOf({ orderUrl: 'https://ca.example/order/1' }),
    ...change,
  });
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const outcome = await failAttempt(
    {
      ledger: { update: async (_, write) => (record = write(record)) },
      issuerBook: s3IssuerBook(fakeObjectStore(), () => 'https://ca.example/directory'),
      clock: virtualClock(),
      log: { info: log, warn: log, error: log },
      retryDelaysMs: [minuteMs, 10 * minuteMs],
    },
    wanted(),
    'a1',
    error,
  ).catch((thrown: unknown) => thrown);
  return { outcome, record, logged };
}

test('a slow order is parked: no failure, no event, the same order', async () => {
  const retryAt = addMs(now, 30 * secondMs);
  const { outcome, record } = await after(new CertkeepError('OrderTimedOut', 'slow', { retryAt }));
  expect(outcome).toBe('waiting');
  expect(record).toMatchObject({ acquireFailure: null, outbox: [] });
  expect(record.attempt).toMatchObject({
    orderUrl: 'https://ca.example/order/1',
    lookAgainAt: retryAt.toISOString(),
  });
});

test('a rate limit is parked until its time and counts nothing', async () => {
  const limited = new CertkeepError('IssuerRateLimited', 'too many', { retryAt: later });
  const { outcome, record } = await after(limited, { acquireFailure: failureUntil(now) });
  expect(outcome).toBe('waiting');
  expect(record.acquireFailure).toMatchObject({ count: 1, error: 'IssuerRateLimited' });
  expect(Date.parse(record.acquireFailure?.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(+later);
  expect(record.outbox).toEqual([]);
});

test('a rate limit without a time is a failure, or it would be asked for ever', async () => {
  const { outcome, record } = await after(new CertkeepError('IssuerRateLimited', 'too many'));
  expect([outcome, record.acquireFailure?.count]).toEqual(['failed', 1]);
});

test('a time that an unreachable CA names is kept', async () => {
  const down = new CertkeepError('IssuerUnreachable', 'maintenance', { retryAt: later });
  const { record } = await after(down);
  expect(Date.parse(record.acquireFailure?.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(+later);
});

test('a refused order is dropped and the key kept', async () => {
  const { record } = await after(new CertkeepError('OrderInvalid', 'no TXT record'));
  expect(record.attempt).toMatchObject({ id: 'a1', orderUrl: null });
  expect(record.outbox.map(({ type }) => type)).toEqual(['failed']);
});

test.each(['OrderInvalid', 'CertificateRejected'] as const)(
  '%s after a CSR has left begins with a new key',
  async (name) => {
    const { record } = await after(new CertkeepError(name, 'refused'), {
      attempt: attemptOf({ csr: 'AA', keyStored: true }),
    });
    expect(record.attempt?.id).not.toBe('a1');
    expect(record.attempt).toMatchObject({ csr: null, keyStored: false, orderUrl: null });
  },
);

test.each([
  ['a CA that answers and refuses', 'IssuerRefused', 4, false],
  ['a CA that breaks the protocol', 'IssuerAnswerInvalid', 4, false],
  ['a refusal the second time', 'IssuerRefused', 1, true],
  ['a CA that is down', 'IssuerUnreachable', 4, true],
] as const)('%s: the attempt before is kept or begun anew', async (_, name, before, isKept) => {
  const { record } = await after(new CertkeepError(name, 'no'), {
    acquireFailure: failureUntil(now, { count: before }),
  });
  expect(record.attempt?.id === 'a1').toBe(isKept);
});

test('what has no name is written down, told and thrown', async () => {
  const broken = new TypeError('broken');
  const { outcome, record } = await after(broken);
  expect(outcome).toBe(broken);
  expect(record.acquireFailure?.error).toBe('TypeError');
  expect(record.outbox).toHaveLength(1);
});

test('a lost lease writes nothing: somebody else goes on', async () => {
  const { outcome, record } = await after(new CertkeepError('LeaseLost', 'gone'));
  expect(outcome).toBe('busy');
  expect(record).toEqual(healthy({ attempt: record.attempt }));
});

test('a version that was made desired by a write without an answer is issued', async () => {
  const { outcome, record } = await after(new Error('socket hang up'), {
    desired: 'a1',
    attempt: null,
  });
  expect(outcome).toBe('issued');
  expect(record.acquireFailure).toBeNull();
});

test('the reason is logged even when the ledger does not take it', async () => {
  const { outcome, logged } = await after(new CertkeepError('OrderInvalid', 'x'), {
    attempt: null,
  });
  expect(outcome).toBeInstanceOf(Error);
  expect(logged).toEqual(['attempt failed']);
});

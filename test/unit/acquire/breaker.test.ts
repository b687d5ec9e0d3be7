import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import {
  admits,
  afterFault,
  afterLife,
  afterNothing,
  type Breaker,
  closed,
  withProbe,
} from '#shared/acquire/failure/breaker.ts';
import { mayTry } from '#shared/acquire/failure/choose-issuer.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { CertkeepError } from '#shared/errors.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { now } from '#test/support/healthy.ts';

const at = (minutes: number) => addMs(now, minutes * minuteMs);

/** Opened at `now`. */
const open = ['a', 'b', 'c'].reduce<Breaker>((breaker, id) => afterFault(breaker, id, now), closed);

test('the third fault in a row opens it, for ten minutes', () => {
  const two = ['a', 'b'].reduce<Breaker>((breaker, id) => afterFault(breaker, id, now), closed);
  expect(admits(two, now)).toBe('yes');
  expect(admits(afterFault(afterLife(two), 'c', now), now)).toBe('yes');
  expect(admits(open, now)).toBe('no');
  expect(admits(open, addMs(at(10), -1))).toBe('no');
  expect(admits(open, at(10))).toBe('probe');
});

test('one attempt at a time may try, until it is heard of or gone for a quarter of an hour', () => {
  const tried = withProbe(open, 'first', at(10));
  expect(tried.probe?.attempt).toBe('first');
  expect(withProbe(tried, 'second', at(11)).probe?.attempt).toBe('first');
  expect(admits(tried, at(24))).toBe('no');
  expect(admits(tried, at(25))).toBe('probe');
  expect(withProbe(tried, 'second', at(25)).probe?.attempt).toBe('second');
  expect(admits(afterNothing(tried, 'first'), at(11))).toBe('probe');
  expect(admits(afterNothing(tried, 'second'), at(11))).toBe('no');
});

test('a try that fails opens it for longer, up to six hours; one that works closes it', () => {
  let breaker = open;
  let time = now;
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    time = new Date(breaker.openUntil ?? '');
    breaker = afterFault(withProbe(breaker, 'p', time), 'p', time);
    waits.push((Date.parse(breaker.openUntil ?? '') - time.getTime()) / minuteMs);
  }
  expect(waits).toEqual([20, 40, 80, 160, 320, 360, 360, 360]);
  expect(afterLife(breaker)).toEqual(closed);
});

test('an attempt that was under way when it opened does not keep it open', () => {
  expect(afterFault(open, 'late', at(1))).toBe(open);
});

test('a healthy issuer is not written again', () => {
  expect(afterLife(closed)).toBe(closed);
  expect(withProbe(closed, 'a', now)).toBe(closed);
});

const directory = () => 'https://ca.example/directory';

test('attempts that come at once claim one try', async () => {
  const book = s3IssuerBook(fakeObjectStore(), directory);
  for (const id of ['a', 'b', 'c']) await book.update('ca', (each) => afterFault(each, id, now));
  const ids = ['d', 'e', 'f', 'g'];
  const claims = await Promise.all(
    ids.map((id) => book.update('ca', (breaker) => withProbe(breaker, id, at(10)))),
  );
  const winners = new Set(claims.map(({ probe }) => probe?.attempt));
  expect(winners.size).toBe(1);
});

test('faults that come at once are all counted', async () => {
  const objects = fakeObjectStore();
  const book = s3IssuerBook(objects, directory);
  await Promise.all(
    ['a', 'b', 'c'].map((id) => book.update('ca', (each) => afterFault(each, id, now))),
  );
  expect(admits(await book.read('ca'), now)).toBe('no');
  expect([...objects.objects.keys()]).toEqual(['issuers/ca.json']);
});

test('another CA under the same name begins anew', async () => {
  const objects = fakeObjectStore();
  const before = s3IssuerBook(objects, directory);
  for (const id of ['a', 'b', 'c']) await before.update('ca', (each) => afterFault(each, id, now));
  const after = s3IssuerBook(objects, () => 'https://other.example/directory');
  expect(await after.read('ca')).toEqual(closed);
  await after.update('ca', (breaker) => afterFault(breaker, 'a', now));
  expect((await after.read('ca')).faults).toBe(1);
});

test.each(['', 'not json', '[]', '{"directory": "https://ca.example/directory"}'])(
  'a page that cannot be read keeps nothing from being issued: %j',
  async (body) => {
    const objects = fakeObjectStore();
    await objects.put('issuers/ca.json', body, 'application/json');
    const book = s3IssuerBook(objects, directory);
    expect(await book.read('ca')).toEqual(closed);
    await book.update('ca', (breaker) => afterFault(breaker, 'a', now));
    expect((await book.read('ca')).faults).toBe(1);
  },
);

test('a lost answer to a claim is not a lost claim', async () => {
  const objects = fakeObjectStore();
  const book = s3IssuerBook(objects, directory);
  for (const id of ['a', 'b', 'c']) await book.update('ca', (each) => afterFault(each, id, now));
  objects.loseNextAnswer();
  const claimed = await book.update('ca', (breaker) => withProbe(breaker, 'd', addMs(now, hourMs)));
  expect(claimed.probe?.attempt).toBe('d');
});

test('if others claim the try first every time, one of them tries', async () => {
  const contested = {
    read: async () => open,
    update: () => Promise.reject(new CertkeepError('LedgerConflict', 'others wrote first')),
  };
  const ports = { clock: { ...virtualClock(), now: () => at(10) }, issuerBook: contested };
  expect(await mayTry(ports, 'ca', 'a')).toBe(false);
  const unread = { ...contested, update: () => Promise.reject(new Error('S3 is down')) };
  await expect(mayTry({ ...ports, issuerBook: unread }, 'ca', 'a')).rejects.toThrow('S3 is down');
});

import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { look } from '#shared/acquire/advice/look.ts';
import { isRecalled, noRecalls, s3Recalls, withRecall } from '#shared/acquire/advice/recalls.ts';
import { renewalInfoDue } from '#shared/acquire/advice/renewal-info.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { RenewalInfo } from '#shared/issuers/issuer.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import {
  configWith,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

const { directory } = issuers.local as { readonly directory: string };
const origin = { directory, account: 'https://ca.example/acct/1', profile: null, staging: false };
const version = versionOf({ renewalId: 'id', origin });
const in3Hours = addMs(now, 3 * hourMs).toISOString();

/** A certificate that was asked about an hour ago, and is due to be asked about again in three. */
function asked(change: Partial<NonNullable<CertificateRecord['renewalInfo']>> = {}) {
  const renewalInfo = {
    ...{ versionId: 'v1', window: null, explanationUrl: null, failures: 0, failure: null },
    askedAt: addMs(now, -hourMs).toISOString(),
    nextCheckAt: in3Hours,
    ...change,
  };
  return healthy({ versions: [version], renewalInfo });
}

const recalledAt = (at: Date) => ({ [directory]: at.toISOString() });

describe('a recall', () => {
  test.each<[string, Date, boolean]>([
    ['after it was asked about has it asked about again', addMs(now, -minuteMs), true],
    ['before it was asked about says nothing new', addMs(now, -2 * hourMs), false],
    ['in the future is not believed', addMs(now, minuteMs), false],
  ])('%s', (_, at, isDue) => {
    const facts = { issuers, recalls: recalledAt(at), now };
    expect(renewalInfoDue(asked(), version, facts)).toBe(isDue);
  });

  test('counts for a day, and for its own CA', () => {
    const recalls = recalledAt(now);
    expect(isRecalled(recalls, directory, undefined, addMs(now, dayMs - 1))).toBe(true);
    expect(isRecalled(recalls, directory, undefined, addMs(now, dayMs))).toBe(false);
    expect(isRecalled(recalls, 'https://other.example/', undefined, now)).toBe(false);
  });

  test('is not repeated within an hour by those that are asked about because of it', () => {
    const recalls = withRecall(noRecalls, directory, now);
    expect(withRecall(recalls, directory, addMs(now, hourMs - 1))).toBe(recalls);
    expect(withRecall(recalls, directory, addMs(now, hourMs))).toEqual(
      recalledAt(addMs(now, hourMs)),
    );
    // A time ahead would otherwise keep others from being told.
    expect(withRecall(recalledAt(inDays(9)), directory, now)).toEqual(recalledAt(now));
  });
});

/** Asks a CA that answers with this window. */
async function recallsAfter(
  record: CertificateRecord,
  window: { start: Date; end: Date },
  { isRefused = false } = {},
) {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  await wholeLedger({ objects, clock }).update('shop', () => record);
  const mine = heldRecord((change) => ledger.update('shop', change));
  const info: RenewalInfo = { ...window, explanationUrl: null, retryAfter: null };
  const ports = {
    ...{ config: configWith(), mine, objects, clock, log: silentLog, random: () => 0.5 },
    issuerOf: () => ({ renewalInfo: async () => info }),
    recallBook: isRefused
      ? { update: () => Promise.reject(new CertkeepError('ServiceThrottled', 'S3: no')) }
      : s3Recalls(objects),
    revocations: () => Promise.reject(new Error('no list is named')),
  };
  const situation = { certificate: wanted(), issuers, record: await mine.read(), now: clock.now() };
  const { renewalInfo } = await look(ports, situation);
  expect(renewalInfo?.window?.start).toBe(window.start.toISOString());
  return s3Recalls(objects).read();
}

const window = (start: Date, end: Date) => ({
  start: start.toISOString(),
  end: end.toISOString(),
  selected: start.toISOString(),
  learnedAt: inDays(-1).toISOString(),
});
const due = { nextCheckAt: addMs(now, -minuteMs).toISOString() };

test.each<[string, CertificateRecord, { start: Date; end: Date }, boolean]>([
  [
    'a window that moves forward',
    asked({ ...due, window: window(inDays(50), inDays(52)) }),
    { start: inDays(-1), end: inDays(1) },
    true,
  ],
  ['a first window that has passed', asked(due), { start: inDays(-2), end: inDays(-1) }, true],
  ['a first window in its time', asked(due), { start: inDays(50), end: inDays(52) }, false],
  [
    'the same window again',
    asked({ ...due, window: window(inDays(50), inDays(52)) }),
    { start: inDays(50), end: inDays(52) },
    false,
  ],
  [
    'a window that moves forward a little',
    asked({ ...due, window: window(inDays(50), inDays(52)) }),
    { start: inDays(42), end: inDays(44) },
    false,
  ],
  [
    'a window that moves back',
    asked({ ...due, window: window(inDays(50), inDays(52)) }),
    { start: inDays(51), end: inDays(53) },
    false,
  ],
])('%s: are the others asked about', async (_, record, given, isRecall) => {
  expect(await recallsAfter(record, given)).toEqual(isRecall ? recalledAt(now) : {});
});

test('a recall that cannot be noted does not keep the answer from being written down', async () => {
  const passed = { start: inDays(-2), end: inDays(-1) };
  expect(await recallsAfter(asked(due), passed, { isRefused: true })).toEqual({});
});

test('check has every certificate of the CA asked about at once, and only once', async () => {
  const ids = ['a', 'b', 'c'];
  const at = desk({ certificates: ids.map((id) => wanted({ id })) });
  for (const id of ids) await at.whole.update(id, () => ({ ...asked(), id }));
  await at.run();
  expect(at.sent).toEqual([]);
  await s3Recalls(at.objects).update((recalls) => withRecall(recalls, directory, at.clock.now()));
  at.clock.advance(10 * minuteMs);
  await at.run();
  const named = at.sent.flatMap((message) =>
    'certificate' in message ? [message.certificate, ...(message.also ?? [])] : [],
  );
  expect(named.sort()).toEqual(ids);
  for (const id of ids) {
    const askedAt = at.clock.now().toISOString();
    await at.whole.update(id, () => ({ ...asked({ askedAt }), id }));
  }
  at.sent.length = 0;
  at.clock.advance(10 * minuteMs);
  await at.run();
  expect(at.sent).toEqual([]);
});

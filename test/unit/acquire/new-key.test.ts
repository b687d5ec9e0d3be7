import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { decideAcquire, decideNext } from '#shared/acquire/decide.ts';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { attemptFor } from '#shared/acquire/order/begin.ts';
import type { Reason, Situation } from '#shared/acquire/renewal/rules.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { Attempt, RenewalInfoState, Version } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import {
  attemptOf,
  failureUntil,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

type Change = (situation: Situation) => Situation;

const later = addMs(now, hourMs).toISOString();

/** A key that others may know, as a person or the CA says it. */
const leaks: Readonly<Record<'forced' | 'revoked' | 'may-be-revoked', Change>> = {
  forced: record({ forced: { at: now.toISOString(), reason: 'the key leaked' } }),
  revoked: record({
    revocation: {
      versionId: 'v1',
      revokedAt: inDays(-1).toISOString(),
      reason: 'keyCompromise',
      nextCheckAt: later,
      failures: 0,
      failure: null,
    },
  }),
  // Learned when there was still much left: two months ago.
  'may-be-revoked': record({ renewalInfo: advice(-62, -61, -60) }),
};

/** One way for each of the other rules to speak. A new rule does not compile until it stands here. */
const others: Readonly<Record<Exclude<Reason['rule'], keyof typeof leaks | 'missing'>, Change>> = {
  expired: version({ notAfter: addMs(now, -hourMs).toISOString() }),
  'ends-soon': version({ notAfter: inDays(2).toISOString() }),
  barred: record({ barred: [{ versionId: 'v1', at: now.toISOString(), reason: 'refused' }] }),
  'names-changed': certificate({ names: ['example.com', 'www.example.com'] }),
  'key-changed': certificate({ key: 'rsa-2048' }),
  'issuer-changed': certificate({ issuers: ['other'] }),
  'profile-changed': (situation) => ({
    ...situation,
    issuers: { ...issuers, local: { ...issuers.local, profile: 'short' } as never },
  }),
  'renewal-advised': (situation) =>
    situation.record.renewalInfo
      ? situation
      : record({ renewalInfo: advice(-1, 1, -0.5) })(situation),
  'lifetime-passed': version({ notAfter: inDays(20).toISOString() }),
};

const origin = {
  directory: issuers.local?.directory ?? '',
  account: 'https://ca.example/acct/1',
  profile: null,
  staging: false,
};

/** 70 days into its 90. */
const healthyNow: Situation = {
  certificate: wanted({ rotation: 'reuse' }),
  issuers: { ...issuers, other: { ...issuers.local, directory: 'https://o.example/' } as never },
  record: healthy({
    versions: [
      versionOf({
        notBefore: inDays(-65).toISOString(),
        issuedAt: inDays(-65).toISOString(),
        notAfter: inDays(40).toISOString(),
        origin,
      }),
    ],
  }),
  now,
};

/** Every choice of the other rules, together with each leak: 3 × 256. */
const combinations = Object.entries(leaks).flatMap(([leak, leaked]) =>
  subsets(Object.entries(others)).map((chosen) => ({
    title: [leak, ...chosen.map(([rule]) => rule)].join(' + '),
    rules: chosen.map(([rule]) => rule),
    situation: chosen.reduce((situation, [, change]) => change(situation), leaked(healthyNow)),
  })),
);

test('a key that others may know is never taken over, whatever else asks for a certificate', async () => {
  const taken: string[] = [];
  for (const { title, situation } of combinations) {
    const begun = await attemptOn(situation);
    if (begun?.reuseKey !== false) taken.push(title);
  }
  expect(combinations).toHaveLength(3 * 512);
  expect(taken).toEqual([]);
});

test.each<[string, Partial<Attempt>]>([
  ['has just begun', {}],
  ['has sent its CSR', { csr: 'AA', orderUrl: 'https://ca.example/order/1' }],
  ['waits for the CA', { lookAgainAt: later }],
])(
  'an attempt that took such a key over, and %s, begins anew with a new key',
  async (_, progress) => {
    const kept: string[] = [];
    for (const { title, situation } of combinations) {
      const { names, key } = situation.certificate;
      const under = { names: [...names], keyAlgorithm: key, reuseKey: true, ...progress };
      const issuer = situation.certificate.issuers[0] as string;
      const failing = { acquireFailure: failureUntil(inDays(1)) };
      const attempt = attemptOf({ ...under, issuer });
      const begun = await attemptOn(record({ attempt, ...failing })(situation));
      if (begun?.reuseKey !== false || begun.id === attempt.id) kept.push(title);
    }
    expect(kept).toEqual([]);
  },
);

test.each(Object.keys(others).filter((rule) => rule !== 'key-changed'))(
  'the key stays where only %s asks for a certificate',
  async (rule) => {
    const change = others[rule as keyof typeof others];
    expect((await attemptOn(change(healthyNow)))?.reuseKey).toBe(true);
  },
);

test('of a leak and anything else the leak is the reason: it is urgent', () => {
  const reasons = new Set(
    combinations.map(({ situation }) => {
      const decision = decideAcquire(situation);
      return decision.action === 'begin' ? decision.reason.rule : decision.action;
    }),
  );
  expect(reasons).toEqual(new Set(Object.keys(leaks)));
});

async function attemptOn(situation: Situation): Promise<Attempt | null> {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  const issuerBook = s3IssuerBook(objects, () => '');
  await wholeLedger({ objects, clock }).update('shop', () => situation.record);
  const mine = heldRecord((change) => ledger.update('shop', change));
  const decision = decideNext(situation);
  return attemptFor({ clock, mine, issuerBook }, situation.certificate, decision, 'c1');
}

function record(change: Partial<Situation['record']>): Change {
  return (situation) => ({ ...situation, record: { ...situation.record, ...change } });
}

function version(change: Partial<Version>): Change {
  return (situation) => {
    const [before] = situation.record.versions;
    return record({ versions: [{ ...before, ...change } as Version] })(situation);
  };
}

function certificate(change: Partial<Situation['certificate']>): Change {
  return (situation) => ({ ...situation, certificate: { ...situation.certificate, ...change } });
}

function advice(start: number, end: number, selected: number): RenewalInfoState {
  const at = (days: number) => inDays(days).toISOString();
  const learnedAt = end < 0 ? addMs(inDays(end), dayMs).toISOString() : at(0);
  return {
    versionId: 'v1',
    window: { start: at(start), end: at(end), selected: at(selected), learnedAt },
    explanationUrl: null,
    nextCheckAt: later,
    failures: 0,
    failure: null,
  };
}

function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: 2 ** all.length }, (_, chosen) =>
    all.filter((__, index) => Math.floor(chosen / 2 ** index) % 2 === 1),
  );
}

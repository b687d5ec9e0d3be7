import { describe, expect, test } from 'vitest';
import type { RolloutConfig } from '#shared/config/rollout.ts';
import { waitOf } from '#shared/deploy/order/turn.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { healthy, now, versionOf } from '#test/support/healthy.ts';

const [one, two, three] = ['us-east-1', 'eu-west-1', 'eu-central-1'] as const;
const account = '123456789012';
const keyOf = (region: string) => `acm:${account}/${region}`;
const targets = [one, two, three].map((region) => ({
  key: keyOf(region),
  place: { account, region },
}));
const version = versionOf({ id: 'v2' });
const canary: RolloutConfig = {
  first: [`${account}/${one}`],
  proveForMs: hourMs,
  others: 'together',
};
const inTurn: RolloutConfig = { ...canary, first: [], others: 'one-by-one' };

function deployed(region: string, change: Partial<Deployment> = {}): readonly [string, Deployment] {
  const at = addMs(now, -2 * hourMs).toISOString();
  return [
    keyOf(region),
    {
      ...{ state: 'proven', place: `${account}/${region}`, versionId: 'v2', arn: 'arn:1' },
      ...{ previous: null, baselineSerial: null, changedAt: at, provenAt: at, probe: null },
      ...{ nextProbeAt: at, failure: null },
      ...change,
    },
  ];
}

const old = (region: string, change: Partial<Deployment> = {}) =>
  deployed(region, { versionId: 'v1', ...change });

function waitAt(
  region: string,
  rollout: RolloutConfig | null,
  deployments: readonly (readonly [string, Deployment])[],
  of: { readonly version?: typeof version } = {},
  change: Partial<CertificateRecord> = {},
) {
  const record = healthy({
    versions: [versionOf({ id: 'v1' }), version],
    desired: 'v2',
    deployments: Object.fromEntries(deployments),
    ...change,
  });
  const place = `${account}/${region}`;
  return waitOf({ record, version, targets, rollout, place, now, ...of });
}

const before = [old(one), old(two), old(three)];

describe('a first place', () => {
  test('never waits', () => {
    expect(waitAt(one, canary, before)).toBeNull();
  });

  test('is waited for by every other place until it serves the version', () => {
    const wait = { for: `${account}/${one}`, until: null };
    expect(waitAt(two, canary, before)).toEqual(wait);
    expect(waitAt(three, canary, before)).toEqual(wait);
  });

  test.each(['awaiting-proof', 'failed', 'rolled-back', 'contradicted', 'unknown'] as const)(
    'stops the others while it is %s',
    (state) => {
      const held = [deployed(one, { state }), old(two), old(three)];
      expect(waitAt(two, canary, held)).toEqual({ for: `${account}/${one}`, until: null });
    },
  );

  test('has to serve it for the time that the configuration says', () => {
    const changedAt = addMs(now, -hourMs / 2);
    const fresh = [deployed(one, { changedAt: changedAt.toISOString() }), old(two)];
    const until = addMs(changedAt, hourMs);
    expect(waitAt(two, canary, fresh)).toEqual({ for: `${account}/${one}`, until });
    expect(waitAt(two, canary, [deployed(one), old(two)])).toBeNull();
  });
});

test('without an order nothing waits', () => {
  expect(waitAt(two, null, before)).toBeNull();
});

test('one by one, each place waits for the one before it alone', () => {
  const begun = [deployed(one), old(two), old(three)];
  expect(waitAt(two, inTurn, begun)).toBeNull();
  expect(waitAt(three, inTurn, begun)).toEqual({ for: `${account}/${two}`, until: null });
  expect(waitAt(three, inTurn, [deployed(one), deployed(two), old(three)])).toBeNull();
});

test('a place that has begun goes on, whatever becomes of the first', () => {
  const held = [deployed(one, { state: 'contradicted' }), deployed(two, { state: 'failed' })];
  expect(waitAt(two, canary, held)).toBeNull();
});

test('what is urgent does not wait', () => {
  const urgent = { version: { ...version, isUrgent: true } };
  expect(waitAt(two, canary, before, urgent)).toBeNull();
});

test('a place whose clients have nothing good within a day does not wait', () => {
  const servedUntil = addMs(now, 20 * hourMs).toISOString();
  expect(waitAt(two, canary, [old(one), old(two, { servedUntil })])).toBeNull();
});

test('a place does not wait with a version that a person has barred, or that is revoked', () => {
  const at = now.toISOString();
  const barred = [{ versionId: 'v1', at, reason: 'a test' }];
  expect(waitAt(two, canary, before, {}, { barred })).toBeNull();
  const versions = [versionOf({ id: 'v1', revokedAt: at }), version];
  expect(waitAt(two, canary, before, {}, { versions })).toBeNull();
});

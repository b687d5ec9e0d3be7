import { describe, expect, test } from 'vitest';
import { decideDeploy } from '#shared/deploy/decide-deploy.ts';
import { verifyDue } from '#shared/deploy/verify/verify-due.ts';
import {
  type AcmImport,
  type Deployment,
  emptyRecord,
  type Failure,
  type Version,
} from '#shared/ledger/record/record.ts';

const now = new Date('2026-11-22T03:00:00Z');
const earlier = '2026-11-22T02:00:00.000Z';
const later = '2026-11-22T04:00:00.000Z';
const place = '000000000000/us-east-1';
const target = { key: 'shop', place: { account: '000000000000', region: 'us-east-1' } };

/** A target that has proved the desired version, and is asked again later. */
const proven: Deployment = {
  state: 'proven',
  place,
  versionId: 'v1',
  arn: 'arn:1',
  previous: null,
  baselineSerial: 'F0',
  changedAt: earlier,
  provenAt: earlier,
  probe: null,
  nextProbeAt: later,
  failure: null,
};

function failure(nextAttemptAt: string): Failure {
  return { count: 1, lastAt: earlier, nextAttemptAt, error: 'ListenerRefused', message: 'no' };
}

function recordWith(change: Partial<Deployment> | null, desired: string | null = 'v1') {
  const record = emptyRecord('shop', now);
  const version = { id: desired } as Version;
  return {
    ...record,
    desired,
    versions: desired ? [version] : [],
    deployments: change ? { shop: { ...proven, ...change } } : {},
  };
}

function decided(change: Partial<Deployment> | null, desired?: string | null) {
  return decideDeploy({
    rollout: null,
    record: recordWith(change, desired),
    targets: [target],
    place,
    now,
  });
}

const unproven = { provenAt: null };
const drift = { seenAt: earlier, holds: 'default arn:9' };

const cases: Record<string, [Partial<Deployment> | null, string]> = {
  'a target that was never deployed is due': [null, 'due'],
  'a proven target needs nothing': [{}, 'nothing'],
  'a target that cannot be asked needs no deploy': [{ state: 'unknown' }, 'nothing'],
  'an older version is due': [{ versionId: 'v0' }, 'due'],
  'an older version is due although it failed': [
    { versionId: 'v0', state: 'failed', failure: failure(later) },
    'due',
  ],
  'a change that was not confirmed is due': [
    { ...unproven, state: 'awaiting-proof', nextProbeAt: null },
    'due',
  ],
  'what awaits proof is left to verify': [{ ...unproven, state: 'awaiting-proof' }, 'nothing'],
  'a failed deploy waits for its back-off': [
    { state: 'failed', failure: failure(later) },
    'waiting',
  ],
  'a failed deploy is due after its back-off': [
    { state: 'failed', failure: failure(earlier) },
    'due',
  ],
  'what was put back waits for its back-off': [
    { state: 'rolled-back', failure: failure(later) },
    'waiting',
  ],
  'a contradiction is due at once': [{ ...unproven, state: 'contradicted' }, 'due'],
  'a way back that failed waits for its back-off': [
    { ...unproven, state: 'contradicted', failure: failure(later) },
    'waiting',
  ],
  'a version that somebody took away is bound again after its back-off': [
    { state: 'contradicted', failure: failure(later) },
    'waiting',
  ],
  'a newer version does not wait for that back-off': [
    { versionId: 'v0', state: 'contradicted', failure: failure(later) },
    'due',
  ],
  'nor for that of a way back': [
    { ...unproven, versionId: 'v0', state: 'contradicted', failure: failure(later) },
    'due',
  ],
};

test.each(Object.entries(cases))('%s', (_, [change, outcome]) => {
  expect(decided(change).outcome).toBe(outcome);
});

test('without a stored version there is nothing to deploy', () => {
  expect(decided(null, null).outcome).toBe('nothing');
});

test('only what was never proven is put back', () => {
  expect(decided({ ...unproven, state: 'contradicted' })).toMatchObject({ rollBack: ['shop'] });
  expect(decided({ state: 'contradicted' })).toMatchObject({ rollBack: [] });
});

const entry: AcmImport = {
  arn: 'arn:1',
  versionId: 'v1',
  importing: null,
  previousVersionId: null,
  retired: [],
  importedAt: earlier,
  publishedArn: 'arn:1',
  publishFailure: null,
  leaving: null,
};

test('an ARN that is not published is due, unless it failed and its time has not come', () => {
  const decide = (change: Partial<AcmImport>) =>
    decideDeploy({
      record: { ...recordWith({}), imports: { [place]: { ...entry, ...change } } },
      targets: [target],
      rollout: null,
      place,
      now,
    });
  expect(decide({})).toEqual({ outcome: 'nothing' });
  const reason = 'its ARN is not published';
  const unpublished = { publishedArn: 'arn:0' };
  expect(decide(unpublished)).toMatchObject({ outcome: 'due', reason, rollBack: [] });
  const waiting = { ...unpublished, publishFailure: failure(later) };
  expect(decide(waiting)).toEqual({ outcome: 'waiting', reason, until: new Date(later) });
  expect(decide({ ...unpublished, publishFailure: failure(earlier) }).outcome).toBe('due');
});

describe('a version that was put back onto the ARN of several targets', () => {
  const other = { ...target, key: 'pay' };

  /** One target was put back and waits, the other one was never deployed. */
  function decideWith(versionId: string) {
    const record = {
      ...recordWith({ state: 'rolled-back', failure: failure(later) }),
      imports: { [place]: { ...entry, versionId } },
    };
    return decideDeploy({ rollout: null, record, targets: [target, other], place, now });
  }

  test('stays there for its time, whatever another target needs', () => {
    const reason = 'the last deploy was put back';
    expect(decideWith('v0')).toEqual({ outcome: 'waiting', reason, until: new Date(later) });
  });

  test('holds nobody up once the ARN has the newer version again', () => {
    expect(decideWith('v1')).toMatchObject({ outcome: 'due', open: ['pay'] });
  });
});

test.each<[string, Partial<Deployment>, readonly string[]]>([
  ['is bound and proven is left alone', {}, ['pay']],
  ['awaits its proof is left alone', { ...unproven, state: 'awaiting-proof' }, ['pay']],
  ['has an older version on the same ARN is worked on', { versionId: 'v0' }, ['shop', 'pay']],
  ['has the version on another ARN is worked on', { arn: 'arn:0' }, ['shop', 'pay']],
  ['has an unconfirmed change is worked on', { nextProbeAt: null }, ['shop', 'pay']],
  [
    'somebody has changed is worked on',
    { drift: { seenAt: earlier, holds: 'arn:2' } },
    ['shop', 'pay'],
  ],
])('beside a target that is due, one that %s', (_, change, open) => {
  const record = { ...recordWith(change), imports: { [place]: entry } };
  const targets = [target, { ...target, key: 'pay' }];
  expect(decideDeploy({ rollout: null, record, targets, place, now })).toMatchObject({
    outcome: 'due',
    open,
  });
});

test('a contradicted version goes back before a newer one comes, unless that is on its way', () => {
  const old = recordWith({ ...unproven, versionId: 'v0', state: 'contradicted' });
  const versions = [{ id: 'v0' } as Version, { id: 'v1' } as Version];
  const rollBackWith = (change: Partial<AcmImport>) => {
    const imports = { [place]: { ...entry, versionId: 'v0', ...change } };
    const record = { ...old, versions, imports };
    return decideDeploy({ rollout: null, record, targets: [target], place, now });
  };
  expect(rollBackWith({})).toMatchObject({ outcome: 'due', rollBack: ['shop'] });
  expect(rollBackWith({ versionId: null, importing: 'v1' })).toMatchObject({ rollBack: [] });
  expect(rollBackWith({ versionId: 'v1' })).toMatchObject({ outcome: 'due', rollBack: [] });
});

test('a retired ARN is looked at when its time comes and no target is moving', () => {
  const retired = [{ arn: 'arn:0', lookAgainAt: earlier }];
  const record = { ...recordWith({}), imports: { [place]: { ...entry, retired } } };
  expect(decideDeploy({ rollout: null, record, targets: [target], place, now }).outcome).toBe(
    'due',
  );
  const awaiting = recordWith({ state: 'awaiting-proof', provenAt: null });
  const early = { ...awaiting, imports: record.imports };
  expect(
    decideDeploy({ rollout: null, record: early, targets: [target], place, now }).outcome,
  ).toBe('nothing');
  const unknown = { ...recordWith({ state: 'unknown', provenAt: null }), imports: record.imports };
  expect(
    decideDeploy({ rollout: null, record: unknown, targets: [target], place, now }).outcome,
  ).toBe('due');
  const looked = { [place]: { ...entry, retired: [{ arn: 'arn:0', lookAgainAt: later }] } };
  const after = { ...record, imports: looked };
  expect(
    decideDeploy({ rollout: null, record: after, targets: [target], place, now }).outcome,
  ).toBe('nothing');
});

test('targets of other places are not looked at', () => {
  const elsewhere = '000000000000/eu-west-1';
  const record = recordWith(null);
  expect(
    decideDeploy({ rollout: null, record, targets: [target], place: elsewhere, now }).outcome,
  ).toBe('nothing');
});

const probes: Record<string, [Partial<Deployment>, boolean]> = {
  'a proven target is asked when its time comes': [{ nextProbeAt: earlier }, true],
  'a proven target is not asked before': [{}, false],
  'what awaits proof is asked': [{ state: 'awaiting-proof', nextProbeAt: earlier }, true],
  'an unconfirmed change is not asked': [{ state: 'awaiting-proof', nextProbeAt: null }, false],
  'what could not be asked is asked again': [{ state: 'unknown', nextProbeAt: earlier }, true],
  'what was put back is not asked': [{ state: 'rolled-back', nextProbeAt: earlier }, false],
  'an older version is not asked': [{ versionId: 'v0', nextProbeAt: earlier }, false],
};

test('what a place has while a newer version waits for its turn is asked for', () => {
  const record = recordWith({ versionId: 'v0', nextProbeAt: earlier });
  const versions = [{ id: 'v0' } as Version, ...record.versions];
  expect(verifyDue({ ...record, versions }, [target], now)).toEqual(['shop']);
});

/** The place has v0, and waits until another one serves v1. */
function decidedWaiting(change: Partial<Deployment>) {
  const record = recordWith({ versionId: 'v0', ...change });
  const first = { key: 'first', place: { account: '000000000000', region: 'eu-west-1' } };
  return decideDeploy({
    record: {
      ...record,
      versions: [{ id: 'v0' } as Version, ...record.versions],
      imports: { [place]: { ...entry, versionId: 'v0' } },
    },
    targets: [first, target],
    rollout: { first: ['000000000000/eu-west-1'], proveForMs: 0, others: 'together' },
    place,
    now,
  });
}

test.each([
  ['has changed its listener', { drift }],
  ['has it serve another certificate', { state: 'contradicted' }],
] as const)(
  'while a place waits and somebody %s, it is put right with what it had',
  (_, change) => {
    const due = { outcome: 'due', version: { id: 'v0' }, rollBack: [], open: ['shop'] };
    expect(decidedWaiting(change)).toMatchObject(due);
  },
);

test.each([
  ['is well', {}],
  ['was put back', { state: 'rolled-back', provenAt: null, failure: failure(earlier) }],
  ['could not be put right', { state: 'failed', drift, failure: failure(later) }],
] as const)('a place that waits and %s is left alone', (_, change) => {
  expect(decidedWaiting(change)).toMatchObject({ outcome: 'waiting' });
});

test.each(Object.entries(probes))('%s', (_, [change, isDue]) => {
  expect(verifyDue(recordWith(change), [target], now)).toEqual(isDue ? ['shop'] : []);
});

import { expect, test } from 'vitest';
import { progressOf, type Start } from '#cli/act/follow/progress.ts';
import type { CertificateRecord, Deployment, Failure } from '#shared/ledger/record/record.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { attemptOf, healthy, now, versionOf } from '#test/support/healthy.ts';

const later = (seconds: number) => addMs(now, seconds * secondMs).toISOString();

function failureAt(seconds: number, change: Partial<Failure> = {}): Failure {
  const lastAt = later(seconds);
  const nextAttemptAt = addMs(new Date(lastAt), minuteMs).toISOString();
  return {
    count: 1,
    lastAt,
    nextAttemptAt,
    error: 'CaaForbids',
    message: 'it forbids it.',
    ...change,
  };
}

function deployed(change: Partial<Deployment> = {}): Deployment {
  return {
    ...{ state: 'proven', place: '123456789012/us-east-1', versionId: 'v1', arn: 'arn:acm' },
    ...{ previous: null, baselineSerial: null, failure: null, probe: null },
    ...{ changedAt: later(-900), provenAt: later(-800), nextProbeAt: later(900) },
    endpoint: { name: 'web:443', host: 'web.elb', port: 443, lookedAt: later(-900) },
    ...change,
  };
}

const before = healthy({
  deployments: { web: deployed(), api: deployed({ endpoint: undefined }) },
});
const start: Start = { id: 'shop', record: before, targets: 2, awaits: 'new' };
const forced = { at: later(1), reason: 'leaked' };
const v2 = versionOf({ id: 'v2', serial: '0B', issuedAt: later(20), orderUrl: 'https://ca/2' });
const stored = healthy({
  desired: 'v2',
  versions: [versionOf(), v2],
  deployments: before.deployments,
});
const place = '123456789012/us-east-1';

function told(record: CertificateRecord, of: Start = start) {
  const { end, steps, waitsFor } = progressOf(of, record);
  return {
    end,
    waitsFor,
    steps: steps.map(({ at, stage, text }) => `${at.slice(14, 19)} ${stage} ${text}`),
  };
}

test.each([
  ['before anything has begun', { forced }, [], 'issue to begin'],
  [
    'when an attempt has begun',
    { forced, attempt: attemptOf({ startedAt: later(2), reason: 'forced' }) },
    ['00:02 issue forced, at local'],
    'an order at local',
  ],
  [
    'when there is an order',
    { forced, attempt: attemptOf({ startedAt: later(2), orderUrl: 'https://ca/2' }) },
    ['00:02 issue expires in 29 days, at local'],
    'local to validate the names',
  ],
  [
    'when the CSR was sent',
    { forced, attempt: attemptOf({ startedAt: later(2), orderUrl: 'https://ca/2', csr: 'x' }) },
    ['00:02 issue expires in 29 days, at local'],
    'the certificate of local',
  ],
])('%s it waits for that', (_, change, steps, waitsFor) => {
  expect(told({ ...before, ...change })).toEqual({ end: null, steps, waitsFor });
});

test('each stage is told with its own time, until all targets serve the new version', () => {
  const importedAt = later(22);
  const imports = {
    [place]: {
      ...{ arn: 'arn:acm', versionId: 'v2', importing: null, previousVersionId: 'v1', retired: [] },
      ...{ importedAt, publishedArn: null, publishFailure: null, leaving: null },
    },
  };
  const bound = {
    versionId: 'v2',
    changedAt: later(24),
    state: 'awaiting-proof',
    provenAt: null,
  } as const;
  const half = { ...stored, imports, deployments: { ...before.deployments, web: deployed(bound) } };
  const first = [
    '00:20 issue local has issued it',
    '00:20 store 0B, until 2027-02-10',
    '00:22 import in us-east-1',
  ];
  expect(told(half)).toEqual({
    steps: [...first, '00:24 rebind web:443 (us-east-1)'],
    end: null,
    waitsFor: '0 of 2 targets to serve it',
  });
  const proven = { ...bound, state: 'proven', provenAt: later(30) } as const;
  const deployments = { web: deployed(proven), api: deployed({ ...proven, endpoint: undefined }) };
  expect(told({ ...half, deployments })).toMatchObject({
    steps: [
      ...first,
      '00:24 rebind web:443 (us-east-1)',
      '00:24 rebind api (us-east-1)',
      '00:30 verify web:443 (us-east-1) serves it',
      '00:30 verify api (us-east-1) serves it',
    ],
    end: { is: 'done', text: 'served at all 2 targets; valid until 2027-02-10' },
  });
  const endpoint = { name: 'ACM shop', host: '', port: 0, lookedAt: later(24) };
  const held = { ...deployments, api: deployed({ ...proven, endpoint }) };
  expect(told({ ...half, deployments: held }).steps).toContain(
    '00:30 verify ACM shop (us-east-1) holds it',
  );
});

test('a force that is not answered yet is waited for, whatever was issued meanwhile', () => {
  expect(told({ ...stored, forced }).end).toBeNull();
});

test('a change that is not confirmed is not told as bound', () => {
  const intended = deployed({
    versionId: 'v2',
    state: 'awaiting-proof',
    nextProbeAt: null,
    changedAt: later(24),
  });
  expect(told({ ...stored, deployments: { web: intended } }).steps.join()).not.toContain('rebind');
});

test.each<[string, Failure | null, boolean]>([
  ['a new failure', failureAt(9), true],
  ['the failure of before, which a person retries', failureAt(-9), false],
  ['passing trouble', failureAt(9, { error: 'ServiceThrottled', passing: 1 }), false],
  ['another issuer that takes over at once', failureAt(9, { nextAttemptAt: later(9) }), false],
])('at the CA, %s', (_, acquireFailure, ends) => {
  const record = { ...before, acquireFailure: failureAt(-9) };
  const { end } = progressOf({ ...start, record }, { ...record, forced, acquireFailure });
  expect(end).toEqual(
    ends
      ? {
          is: 'open',
          lacks: 'is not served',
          text: 'CaaForbids: it forbids it; certkeep tries again by itself at 2026-11-22 03:01 UTC',
        }
      : null,
  );
});

test('a target that fails ends it when the others have been seen', () => {
  const failing = deployed({
    versionId: 'v2',
    state: 'failed',
    nextProbeAt: null,
    failure: failureAt(40),
  });
  const proven = deployed({ versionId: 'v2', changedAt: later(24), provenAt: later(30) });
  expect(told({ ...stored, deployments: { ...before.deployments, web: failing } }).end).toBeNull();
  const both = told({ ...stored, deployments: { web: failing, api: proven } });
  expect(both.end).toEqual({
    is: 'open',
    lacks: 'is not served',
    text: 'web:443 (us-east-1): CaaForbids: it forbids it; certkeep tries again by itself at 2026-11-22 03:01 UTC',
  });
  expect(both.steps).toContain('00:40 rebind web:443 (us-east-1): CaaForbids: it forbids it.');
});

test('a retry of a deploy ends with a proof of the present version, and not with the failure of before', () => {
  const failing = deployed({ state: 'failed', nextProbeAt: null, failure: failureAt(-9) });
  const record = { ...before, deployments: { web: failing } };
  const retried: Start = { id: 'shop', record, targets: 1, awaits: 'present' };
  expect(progressOf(retried, record)).toMatchObject({ end: null, steps: [] });
  const mended = {
    ...record,
    deployments: { web: deployed({ changedAt: later(5), provenAt: later(8) }) },
  };
  expect(told(mended, retried)).toMatchObject({
    steps: ['00:05 rebind web:443 (us-east-1)', '00:08 verify web:443 (us-east-1) serves it'],
    end: { is: 'done', text: 'served at its target; valid until 2027-02-10' },
  });
});

test('a certificate without targets is done when it is stored; one of unknown targets waits for them', () => {
  const record = { ...stored, deployments: {} };
  expect(progressOf({ ...start, targets: 0 }, record).end).toEqual({
    is: 'done',
    text: 'stored, and it has no targets; valid until 2027-02-10',
  });
  expect(progressOf({ ...start, targets: null }, record).end).toBeNull();
});

test('what has no record yet waits for its first certificate', () => {
  expect(progressOf({ ...start, record: null }, null)).toEqual({
    steps: [],
    end: null,
    waitsFor: 'issue to begin',
  });
});

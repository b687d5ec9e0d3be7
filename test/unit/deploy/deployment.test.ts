import { expect, test } from 'vitest';
import * as deployment from '#shared/deploy/deployment.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { failureUntil, healthy, inDays, now, versionOf } from '#test/support/healthy.ts';

const place = '123456789012/us-east-1';
const key = 'alb:default:1';
const before = inDays(-1).toISOString();
const soon = inDays(1).toISOString();
const at = now;
const deploy = { place, version: { id: 'v1' } };
const failure = failureUntil(inDays(1));

const bound: Deployment = {
  state: 'awaiting-proof',
  place,
  versionId: 'v1',
  arn: 'arn:1',
  previous: { arn: 'arn:0', versionId: 'v0', notAfter: inDays(20).toISOString() },
  baselineSerial: '00',
  changedAt: before,
  provenAt: null,
  probe: null,
  nextProbeAt: soon,
  failure: null,
};
const open = { nextProbeAt: null, failure };
const states = {
  'no deployment': null,
  'another version proven': { state: 'proven', versionId: 'v0', provenAt: before },
  'a change not confirmed': { nextProbeAt: null },
  'awaiting-proof': {},
  proven: { state: 'proven', provenAt: before },
  unknown: { state: 'unknown', failure },
  contradicted: { ...open, state: 'contradicted' },
  'rolled-back': { ...open, state: 'rolled-back' },
  failed: { ...open, state: 'failed' },
} as const satisfies Record<string, Partial<Deployment> | null>;

function recordOf(change: Partial<Deployment> | null): CertificateRecord {
  const versions = [versionOf({ id: 'v0' }), versionOf()];
  const deployments = change === null ? {} : { [key]: { ...bound, ...change } };
  return healthy({ versions, deployments });
}

const ofTarget = (record: CertificateRecord) => record.deployments[key] as Deployment;

function stateOf(record: CertificateRecord): string {
  const found = record.deployments[key];
  if (!found) return 'no deployment';
  if (found.versionId !== 'v1') return `another version ${found.state}`;
  const isConfirmed = found.state !== 'awaiting-proof' || found.nextProbeAt !== null;
  return isConfirmed ? found.state : 'a change not confirmed';
}

const endpoint = { host: 'web.example', port: 443 };
const view = { name: 'web', kind: 'alb', endpoint, default: 'arn:9', list: [] } as const;
const intent = {
  arn: 'arn:2',
  previous: { arn: 'arn:9', versionId: null, notAfter: null },
  baselineSerial: '09',
  isAdded: false,
  servedUntil: soon,
};
const shown = { probe: null, servedUntil: soon };

type Event = (record: CertificateRecord) => CertificateRecord;
const events = {
  intended: (record) => deployment.intended(record, deploy, { key, intent, view, at }),
  confirmed: (record) => deployment.confirmed(record, deploy, { key, arn: 'arn:2', at }),
  tried: (record) => deployment.tried(record, deploy, { key, at }),
  failed: (record) => deployment.failed(record, key, failure),
  notPutBack: (record) => deployment.notPutBack(record, key, failure),
  rolledBack: (record) => deployment.rolledBack(record, key, failure),
  asked: (record) => deployment.asked(record, key, shown),
  proven: (record) => deployment.proven(record, key, { at, nextProbeAt: inDays(2) }),
  spreading: (record) => deployment.spreading(record, key, inDays(2)),
  contradicted: (record) => deployment.contradicted(record, key),
  unknown: (record) => deployment.unknown(record, key, failure),
  drifted: (record) => deployment.drifted(record, key, { seenAt: soon, holds: 'arn:9' }),
  forgotten: (record) => deployment.forgotten(record, (each) => each.place === place),
} as const satisfies Record<string, Event>;

type Row = readonly [
  event: keyof typeof events,
  to: string,
  from: readonly (keyof typeof states)[],
];
const all = Object.keys(states) as (keyof typeof states)[];
const there = all.filter((state) => state !== 'no deployment');
const asked = ['awaiting-proof', 'proven', 'unknown'] as const;
const rows: readonly Row[] = [
  ['intended', 'a change not confirmed', all],
  ['confirmed', 'awaiting-proof', all],
  ['tried', 'failed', ['no deployment', 'another version proven', 'failed']],
  ['failed', 'failed', ['a change not confirmed', 'contradicted', 'rolled-back', 'failed']],
  ['failed', 'unchanged', ['no deployment']],
  ['notPutBack', 'contradicted', ['contradicted']],
  ['rolledBack', 'rolled-back', ['contradicted']],
  ['proven', 'proven', asked],
  ['contradicted', 'contradicted', asked],
  ['contradicted', 'unchanged', ['no deployment']],
  ['unknown', 'unknown', [...asked, 'contradicted']],
  ['forgotten', 'no deployment', there],
  ...(['tried', 'asked', 'spreading', 'drifted'] as const).flatMap((event) =>
    asked.map((state): Row => [event, state, [state]]),
  ),
];

test.each(rows.flatMap(([event, to, from]) => from.map((state) => [state, event, to] as const)))(
  '%s: after %s it is %s',
  (state, event, to) => {
    const record = recordOf(states[state]);
    const after = events[event](record);
    expect(after === record ? 'unchanged' : stateOf(after)).toBe(to);
  },
);

test('an intent keeps what was proven and failed before of this version, and nothing of another', () => {
  const known = { provenAt: before, failure };
  expect(ofTarget(events.intended(recordOf(known)))).toMatchObject({
    ...known,
    arn: 'arn:2',
    changedAt: at.toISOString(),
    servedUntil: soon,
    endpoint: { name: 'web', ...endpoint, lookedAt: at.toISOString() },
  });
  const other = events.intended(recordOf({ ...known, versionId: 'v0' }));
  expect(ofTarget(other)).toMatchObject({ provenAt: null, failure: null });
});

test('an intent counts the change, and says what somebody has changed until it is confirmed', () => {
  const changes = [{ at: before, why: 'to-bind' as const }];
  const intended = deployment.intended(
    recordOf({ state: 'contradicted', provenAt: before }),
    deploy,
    {
      key,
      intent: { ...intent, changes },
      view,
      at,
    },
  );
  expect(ofTarget(intended)).toMatchObject({
    changes: [...changes, { at: at.toISOString(), why: 'to-put-right' }],
    drift: { seenAt: at.toISOString(), holds: 'default arn:9, list empty' },
  });
  const confirmed = ofTarget(events.confirmed(intended));
  expect(confirmed.drift).toBeUndefined();
  expect(confirmed.changes).toHaveLength(2);
});

test('a confirmed deployment keeps the rollback of its intent, and waits no longer', () => {
  const { previous, baselineSerial } = bound;
  expect(ofTarget(events.confirmed(recordOf({ ...open, servedUntil: soon })))).toMatchObject({
    arn: 'arn:2',
    previous,
    baselineSerial,
    servedUntil: soon,
    nextProbeAt: at.toISOString(),
    failure: { ...failure, nextAttemptAt: at.toISOString() },
  });
});

test('without an intent, the way back is what the record says of the version before', () => {
  const record = recordOf(states['another version proven']);
  const { notAfter, serial } = versionOf({ id: 'v0' });
  const previous = { arn: 'arn:1', versionId: 'v0', notAfter };
  const wayBack = { previous, baselineSerial: serial, provenAt: null };
  expect(ofTarget(events.confirmed(record))).toMatchObject(wayBack);
  expect(ofTarget(events.tried(record))).toMatchObject({
    ...wayBack,
    arn: null,
    nextProbeAt: null,
  });
});

test.each([
  [undefined, undefined, undefined],
  [undefined, soon, soon],
  [soon, before, soon],
  [null, before, before],
  [null, undefined, null],
])('tried with an endpoint that shows %s after %s, it serves until %s', (seen, known, expected) => {
  const record = recordOf({ ...open, ...(known !== undefined && { servedUntil: known }) });
  const tried = deployment.tried(record, deploy, { key, at, servedUntil: seen });
  expect(ofTarget(tried).servedUntil).toBe(expected);
});

test.each<[keyof typeof events, Partial<Deployment>]>([
  ['failed', open],
  ['notPutBack', open],
  ['rolledBack', open],
  ['asked', shown],
  ['proven', { provenAt: at.toISOString(), nextProbeAt: inDays(2).toISOString(), failure: null }],
  ['spreading', { nextProbeAt: inDays(2).toISOString() }],
  ['contradicted', { nextProbeAt: null }],
  ['unknown', { nextProbeAt: failure.nextAttemptAt, failure }],
  ['drifted', { drift: { seenAt: soon, holds: 'arn:9' } }],
])('%s changes the state, its own fields and no other', (event, fields) => {
  const known = { ...bound, failure: failureUntil(inDays(3)) };
  const { state: _, ...after } = ofTarget(events[event](recordOf(known)));
  const { state: __, ...others } = { ...known, ...fields };
  expect(after).toEqual(others);
});

test('targets that have left the configuration are forgotten by name, and the history says so', () => {
  const record = { ...recordOf({}), deployments: { a: bound, b: bound, c: bound } };
  const after = deployment.notConfigured(record, ['a', 'c'], at);
  expect(Object.keys(after.deployments)).toEqual(['b']);
  expect(after.history.at(-1)).toMatchObject({ what: 'no longer deployed to a, c' });
});

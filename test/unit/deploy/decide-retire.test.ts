import { expect, test } from 'vitest';
import { mayBePublished } from '#shared/deploy/publish/published.ts';
import {
  arnsLeft,
  decideRetire,
  type RetireDecision,
  unheardVersion,
} from '#shared/deploy/retire/decide-retire.ts';
import type { AcmImport, Deployment } from '#shared/ledger/record/record.ts';
import { versionOf } from '#test/support/healthy.ts';

const now = new Date('2026-11-22T03:00:00Z');
const earlier = '2026-11-22T02:00:00.000Z';
const later = '2026-11-22T04:00:00.000Z';
const place = '000000000000/us-east-1';

const entry: AcmImport = {
  arn: 'arn:2',
  versionId: 'v2',
  importing: null,
  previousVersionId: null,
  retired: [{ arn: 'arn:1', lookAgainAt: later }],
  importedAt: earlier,
  publishedArn: 'arn:2',
  publishFailure: null,
  leaving: null,
};

const deployment: Deployment = {
  state: 'proven',
  place,
  versionId: 'v2',
  arn: 'arn:2',
  previous: null,
  baselineSerial: null,
  changedAt: earlier,
  provenAt: earlier,
  probe: null,
  nextProbeAt: later,
  failure: null,
};

const failure = {
  count: 1,
  lastAt: earlier,
  nextAttemptAt: earlier,
  error: 'PlaceNotReachable',
  message: 'no role',
};

function decided(
  imports: Record<string, AcmImport>,
  deployments: Record<string, Deployment> = {},
): RetireDecision {
  return decideRetire({ imports, deployments }, place, now);
}

const leaving = (lookAgainAt: string, last: typeof failure | null = null) => ({
  [place]: { ...entry, leaving: { lookAgainAt, failure: last } },
});

test.each<[string, RetireDecision, RetireDecision]>([
  ['where nothing was ever deployed', decided({}), { outcome: 'nothing' }],
  [
    'where only another place has something',
    decided({ other: entry }, { key: { ...deployment, place: 'other' } }),
    { outcome: 'nothing' },
  ],
  [
    'where a target stands in the record though nothing was imported',
    decided({}, { key: deployment }),
    { outcome: 'due', reason: `${place} is retired` },
  ],
  [
    'where it was not looked at yet, whatever an earlier ARN waits for',
    decided({ [place]: entry }),
    { outcome: 'due', reason: `${place} is retired` },
  ],
  ['before its time', decided(leaving(later)), { outcome: 'waiting', until: new Date(later) }],
  [
    'after it',
    decided(leaving(earlier)),
    { outcome: 'due', reason: `${place} is retired, something was still in use` },
  ],
  [
    'after a failure',
    decided(leaving(earlier, failure)),
    { outcome: 'due', reason: `${place} is retired, the last try failed` },
  ],
])('a retired place %s', (_, decision, expected) => {
  expect(decision).toEqual(expected);
});

test('every ARN of the entry is left, each once, the one in use last', () => {
  expect(arnsLeft(entry)).toEqual(['arn:1', 'arn:2']);
  expect(arnsLeft({ ...entry, arn: null })).toEqual(['arn:1']);
  expect(arnsLeft({ ...entry, arn: 'arn:1' })).toEqual(['arn:1']);
});

test.each<[string, Partial<AcmImport>, string | null]>([
  ['no import is under way', {}, null],
  ['a first import is', { arn: null, versionId: null, importing: 'v3' }, 'v3'],
  ['an import to a further ARN is', { importing: 'v3' }, 'v3'],
  ['a re-import is, whose ARN is known', { versionId: null, importing: 'v3' }, null],
  ['the record has lost the version', { importing: 'v4' }, null],
])('an import nobody heard of, when %s', (_, change, expected) => {
  const versions = ['v2', 'v3'].map((id) => versionOf({ id }));
  expect(unheardVersion({ versions }, { ...entry, ...change })?.id ?? null).toBe(expected);
});

test.each<[string, string, Partial<AcmImport>, Partial<Deployment>, boolean]>([
  ['the one that is written down', 'arn:2', {}, {}, true],
  ['not an earlier one beside it', 'arn:1', {}, {}, false],
  ['any, where nothing is written down', 'arn:1', { publishedArn: null }, {}, true],
  ['the one that was to be published next', 'arn:2', { publishedArn: 'arn:1' }, {}, true],
  [
    'not one that no target was confirmed to have',
    'arn:2',
    { publishedArn: 'arn:1' },
    { state: 'failed' },
    false,
  ],
  [
    'not one that a target of another place has',
    'arn:2',
    { publishedArn: 'arn:1' },
    { place: 'other' },
    false,
  ],
])('the parameter may hold %s', (_, arn, change, deployed, expected) => {
  const record = {
    imports: { [place]: { ...entry, ...change } },
    deployments: { key: { ...deployment, ...deployed } },
  };
  expect(mayBePublished(record, place, arn)).toBe(expected);
});

import { expect, test } from 'vitest';
import { arnToPublish } from '#shared/deploy/publish/published.ts';
import { arnParameter } from '#shared/installation.ts';
import type { AcmImport, Deployment } from '#shared/ledger/record/record.ts';

const place = '000000000000/us-east-1';
const at = '2026-11-22T03:00:00.000Z';
const [current, earlier, theirs] = ['arn:2', 'arn:1', 'arn:foreign'];

const proven: Deployment = {
  state: 'proven',
  place,
  versionId: 'v2',
  arn: current,
  previous: { arn: earlier, versionId: 'v1', notAfter: null },
  baselineSerial: null,
  changedAt: at,
  provenAt: at,
  probe: null,
  nextProbeAt: at,
  failure: null,
};

const entry: AcmImport = {
  arn: current,
  versionId: 'v2',
  importing: null,
  previousVersionId: null,
  retired: [{ arn: earlier, lookAgainAt: at }],
  importedAt: at,
  publishedArn: null,
  publishFailure: null,
  leaving: null,
};

function toPublish(
  deployments: readonly Partial<Deployment>[],
  change: Partial<AcmImport> = {},
): string | null {
  const all = deployments.map((each, index) => [`t${index}`, { ...proven, ...each }] as const);
  const record = {
    imports: { [place]: { ...entry, ...change } },
    deployments: Object.fromEntries(all),
  };
  const targets = all.map(([key]) => ({ key }));
  return arnToPublish(record, place, targets);
}

const back: Partial<Deployment> = { state: 'rolled-back', nextProbeAt: null };
const foreign = { arn: theirs, versionId: null, notAfter: null };

const cases: Record<string, [readonly Partial<Deployment>[], string | null]> = {
  'what a target is proven to have': [[{}], current],
  'what a target awaits proof of': [[{ state: 'awaiting-proof', provenAt: null }], current],
  'what could not be asked': [[{ state: 'unknown' }], current],
  'what is contradicted, until it is put back': [[{ state: 'contradicted' }], current],
  'nothing while a change is not confirmed': [
    [{ state: 'awaiting-proof', nextProbeAt: null }],
    null,
  ],
  'nothing of what was refused': [[{ state: 'failed' }], null],
  'nothing where nothing is deployed': [[], null],
  'the earlier ARN once it is put back': [[back], earlier],
  'the ARN in use while one target keeps it': [[back, {}], current],
  'nothing of somebody else, though it is put back': [[{ ...back, previous: foreign }], null],
  'nothing where there was nothing before': [[{ ...back, previous: null }], null],
  'the earlier ARN while a newer one is imported and not bound': [[{ arn: earlier }], earlier],
};

test.each(Object.entries(cases))('published is %s', (_, [deployments, expected]) => {
  expect(toPublish(deployments)).toBe(expected);
});

test('a published ARN is not published again', () => {
  expect(toPublish([{}], { publishedArn: current })).toBeNull();
  expect(toPublish([back], { publishedArn: current })).toBe(earlier);
});

test('a first import under way has no ARN', () => {
  const begun = { arn: null, versionId: null, importing: 'v2', retired: [] };
  expect(toPublish([{ state: 'failed', arn: null }], begun)).toBeNull();
});

test('a place without an import has nothing to publish', () => {
  expect(arnToPublish({ imports: {}, deployments: {} }, place, [{ key: 't0' }])).toBeNull();
});

test('each certificate of an installation has a parameter of its own', () => {
  expect(arnParameter('certkeep', 'shop')).toBe('/certkeep/shop/certificate-arn');
});

import { expect, test } from 'vitest';
import { keptVersions, placesInUse } from '#shared/acquire/store/kept-versions.ts';
import type { AcmImport, Deployment, Version } from '#shared/ledger/record/record.ts';
import { configWith, healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

const here = '123456789012/us-east-1';
const left = '222222222222/eu-west-1';

function versionsOf(count: number, change: (n: number) => Partial<Version> = () => ({})) {
  return Array.from({ length: count }, (_, n) => versionOf({ id: `v${n + 1}`, ...change(n + 1) }));
}

function importOf(change: Partial<AcmImport>): AcmImport {
  return {
    arn: 'arn',
    versionId: null,
    importing: null,
    previousVersionId: null,
    retired: [],
    importedAt: inDays(-1).toISOString(),
    publishedArn: null,
    publishFailure: null,
    leaving: null,
    ...change,
  };
}

function deploymentOf(place: string, versionId: string, previous: string): Deployment {
  return {
    state: 'proven',
    place,
    versionId,
    arn: 'arn',
    previous: { arn: 'arn', versionId: previous, notAfter: null },
    baselineSerial: null,
    changedAt: now.toISOString(),
    provenAt: now.toISOString(),
    probe: null,
    nextProbeAt: null,
    failure: null,
  };
}

test('the newest three stay, the desired one, and what a place in use may have to put back', () => {
  const record = healthy({
    versions: versionsOf(9),
    desired: 'v9',
    imports: { [here]: importOf({ versionId: 'v9', importing: 'v5', previousVersionId: 'v1' }) },
    deployments: { one: deploymentOf(here, 'v9', 'v3') },
  });
  expect(keptVersions(record, new Set([here]), now)).toEqual(['v1', 'v3', 'v5', 'v7', 'v8', 'v9']);
});

test('so do a version that a person wants back, and one that is to be revoked, until it is', () => {
  const at = now.toISOString();
  const chosen = { at, versionId: 'v2', until: null, reason: 'refused' };
  const revoking = { at, versionId: 'v4', code: 'keyCompromise', reason: 'leaked' } as const;
  const record = healthy({ versions: versionsOf(9), desired: 'v9', chosen, revoking });
  expect(keptVersions(record, new Set(), now)).toEqual(['v2', 'v4', 'v7', 'v8', 'v9']);
  const versions = versionsOf(9, (n) => (n === 4 ? { revokedAt: at } : {}));
  const done = healthy({ versions, desired: 'v9', revoking });
  expect(keptVersions(done, new Set(), now)).toEqual(['v7', 'v8', 'v9']);
});

test('a place that has left gives up the versions that it names', () => {
  const record = healthy({
    versions: versionsOf(9),
    desired: 'v9',
    imports: { [left]: importOf({ versionId: 'v2', previousVersionId: 'v1' }) },
    deployments: { one: deploymentOf(left, 'v4', 'v3') },
  });
  expect(keptVersions(record, new Set([here]), now)).toEqual(['v7', 'v8', 'v9']);
});

test('a version that has ended, or ends within a day, is not kept for being named', () => {
  const ends = [inDays(-3), inDays(0.9), inDays(1.1)];
  const versions = versionsOf(6, (n) => ({ notAfter: (ends[n - 1] ?? inDays(80)).toISOString() }));
  const imports = {
    [here]: importOf({ importing: 'v1', versionId: 'v2', previousVersionId: 'v3' }),
  };
  const record = healthy({ versions, desired: 'v6', imports });
  expect(keptVersions(record, new Set([here]), now)).toEqual(['v3', 'v4', 'v5', 'v6']);
});

test('whatever is named, at most twelve versions are kept with the next one, and they are the newest', () => {
  const versions = versionsOf(30);
  const deployments = Object.fromEntries(
    versions.map(({ id }) => [id, deploymentOf(here, id, id)]),
  );
  const record = healthy({ versions, desired: 'v2', deployments });
  const kept = keptVersions(record, new Set([here]), now);
  expect(kept).toHaveLength(11);
  expect(kept[0]).toBe('v2');
  expect(kept.at(-1)).toBe('v30');
  expect(kept[1]).toBe('v21');
});

test('in use are the places of the targets, and those that are being cleaned up', () => {
  const listener = `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/a/b/c`;
  const targets = [{ type: 'alb', listener, certificate: 'default' }] as never;
  const retired = { solvers: [], places: ['333333333333/us-west-2'] };
  const config = configWith({ certificates: [wanted({ targets })], retired });
  expect([...placesInUse('shop', config)]).toEqual([here, '333333333333/us-west-2']);
  expect([...placesInUse('gone', config)]).toEqual(['333333333333/us-west-2']);
});

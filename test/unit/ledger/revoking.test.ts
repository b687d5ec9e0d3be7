import { expect, test } from 'vitest';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { toRevoke } from '#shared/ledger/record/revoking.ts';
import { failureUntil, healthy, inDays, now, versionOf } from '#test/support/healthy.ts';

const wish = inDays(-0.5).toISOString();
const revoking = { at: wish, versionId: 'v1', code: 'keyCompromise', reason: 'leaked' } as const;

/** v2 has replaced v1, which is to be revoked, so many hours ago. */
function replaced(hours: number, change: Partial<CertificateRecord> = {}): CertificateRecord {
  const issuedAt = inDays(-hours / 24).toISOString();
  const versions = [versionOf(), versionOf({ id: 'v2', issuedAt, notBefore: issuedAt })];
  return healthy({ desired: 'v2', versions, revoking, ...change });
}

function at(state: Deployment['state'], change: Partial<Deployment> = {}) {
  return {
    deployments: { a: { state, versionId: 'v2', provenAt: null, ...change } as Deployment },
  };
}

const proven = at('proven', { provenAt: now.toISOString() });
/** Nobody can ask who serves what the target holds. */
const held = at('proven', {
  provenAt: now.toISOString(),
  endpoint: { name: 'ACM shop', host: '', port: 0, lookedAt: now.toISOString() },
});
const failed = (days: number) => ({
  revokeTried: { wish, doneAt: null, failure: failureUntil(inDays(days)) },
});

test.each([
  ['once every target has proven its successor', ['a'], replaced(0.1, proven), true],
  ['not before', ['a'], replaced(5, at('unknown')), false],
  ['after six hours where a target cannot be asked', ['a'], replaced(7, at('unknown')), true],
  ['not before that where a target only says what it holds', ['a'], replaced(5, held), false],
  ['after six hours there', ['a'], replaced(7, held), true],
  ['not where a target could not be changed', ['a'], replaced(7, at('failed')), false],
  ['not where it was put back', ['a'], replaced(7, at('rolled-back')), false],
  ['not while a target is new', ['a', 'b'], replaced(7, proven), false],
  ['after six hours where servers fetch it', [], replaced(7), true],
  ['not before that', [], replaced(5), false],
  ['not while it is in service', ['a'], replaced(7, { ...proven, desired: 'v1' }), false],
  ['not twice', [], replaced(7, { versions: [versionOf({ revokedAt: wish })] }), false],
  ['not while a failure waits', ['a'], replaced(7, { ...proven, ...failed(1) }), false],
  ['again after a failure', ['a'], replaced(7, { ...proven, ...failed(-1) }), true],
  ['not without a wish', ['a'], replaced(7, { ...proven, revoking: null }), false],
] as const)('a version is revoked %s', (_, targets, record, expected) => {
  expect(toRevoke(record, targets, now)?.id ?? null).toBe(expected ? 'v1' : null);
});

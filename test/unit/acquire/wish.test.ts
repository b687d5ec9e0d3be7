import { expect, test } from 'vitest';
import { withWish } from '#shared/check/operator-request.ts';
import { type AcmImport, emptyRecord, type Failure } from '#shared/ledger/record/record.ts';
import { updatedBy } from '#test/support/updated-by.ts';

const now = new Date('2026-11-22T03:00:00Z');
const at = now.toISOString();
const failure: Failure = {
  count: 3,
  lastAt: '2026-11-22T02:00:00.000Z',
  nextAttemptAt: '2026-11-23T02:00:00.000Z',
  error: 'ParameterNotPublished',
  message: 'SSM: not authorized',
};
const entry: AcmImport = {
  arn: 'arn:1',
  versionId: 'v1',
  importing: null,
  previousVersionId: null,
  retired: [],
  importedAt: at,
  publishedArn: null,
  publishFailure: failure,
  leaving: null,
};

function published(kind: 'retry' | 'force'): Failure | null | undefined {
  const record = { ...emptyRecord('shop', now), imports: { here: entry } };
  const wish = { kind, reason: 'mended', overrides: false, runId: 'run-1' };
  const after = updatedBy('check', record, (before) => withWish(before, wish, now), now);
  return after.imports.here?.publishFailure;
}

test('a retry publishes at once what waits for its back-off, and still counts', () => {
  expect(published('retry')).toEqual({ ...failure, nextAttemptAt: at });
});

test('a force is about issuing and leaves it alone', () => {
  expect(published('force')).toEqual(failure);
});

test('a limit is overridden once a day, whoever else has looked at the same record', () => {
  const wish = { kind: 'force', reason: 'leaked', overrides: true, runId: 'run-1' } as const;
  const record = withWish(emptyRecord('shop', now), wish, now);
  expect(record.overriddenAt).toBe(at);
  expect(withWish(record, wish, now)).toBe(record);
  const again = { ...wish, runId: 'run-2' };
  expect(() => withWish(record, again, now)).toThrow(/once a day, and was for shop at/);
  const later = new Date(now.getTime() + 86_400_000);
  expect(withWish(record, again, later).overriddenAt).toBe(later.toISOString());
  expect(withWish(record, { ...again, overrides: false }, now).forced).not.toHaveProperty(
    'override',
  );
  // What nobody can have written forbids nothing.
  const planted = { ...record, overriddenAt: '9999-01-01T00:00:00.000Z' };
  expect(withWish(planted, again, now).overriddenAt).toBe(at);
});

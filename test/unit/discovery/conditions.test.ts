import { expect, test } from 'vitest';
import { discoveredFindings } from '#shared/check/conditions/discovered.ts';
import { settled } from '#shared/check/conditions/finding.ts';
import type { Discovered } from '#shared/discovery/discovered.ts';
import type { FoundAt } from '#shared/discovery/found.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { listenerArn } from '#test/support/fleet.ts';

const place = '123456789012/us-east-1';
const config = {
  home: { account: '123456789012', region: 'us-east-1' },
  discovery: { mode: 'approve', places: [place] },
} as const;
const now = new Date('2026-12-01T10:00:00.000Z');
const arn = listenerArn('theirs');

function conditionsAt(
  at: Date,
  found: Partial<FoundAt>,
  discovered: readonly Discovered[] = [],
  before: ReturnType<typeof settled> = [],
) {
  const seen = { lookedAt: now.toISOString(), isWhole: true, failure: null, resources: [] };
  const finds = { [place]: { ...seen, ...found } };
  const facts = { config, discovered: { finds, discovered }, now: at };
  return settled(discoveredFindings(facts), before, at);
}

const asking = (change: Partial<Discovered>): Discovered => ({
  ...{ arn, certificate: 'docs', position: null, place, state: 'waiting', reason: null },
  ...change,
});

test.each<[Discovered['state'], string, 'warning' | 'none']>([
  ['waiting', 'AwaitsApproval', 'warning'],
  ['unusable', 'TagNotUsable', 'warning'],
  ['untagged', 'TagRemoved', 'warning'],
  ['changed', 'TagChanged', 'warning'],
  ['approved', 'Well', 'none'],
])('a resource that is %s has the reason %s', (state, reason, severity) => {
  const [condition] = conditionsAt(now, {}, [asking({ state, reason: 'why' })]);
  expect(condition).toMatchObject({ type: 'Discovered', reason, danger: { severity } });
  expect(condition?.about).toMatch(/^theirs\/1000000000000000 \(.*us-east-1.*\)$/);
});

test('who said no hears of it no more', () => {
  expect(conditionsAt(now, {}, [asking({ state: 'withdrawn' })])).toEqual([]);
});

test('text of a tag is one printable line', () => {
  const [condition] = conditionsAt(now, {}, [asking({ certificate: 'docs\nall is well' })]);
  expect(condition?.message).not.toContain('\n');
});

test('a place that nobody can look at is trouble after three hours, since the last look', () => {
  const failure = {
    error: 'ServiceDenied',
    message: 'no right to tag:GetResources',
    since: now.toISOString(),
    at: now.toISOString(),
  };
  expect(conditionsAt(addMs(now, 3 * hourMs - minuteMs), { failure })).toEqual([]);
  const [condition] = conditionsAt(addMs(now, 3 * hourMs), { failure });
  expect(condition).toMatchObject({
    type: 'Verifying',
    status: 'false',
    reason: 'TagsNotLookedAt',
    since: now.toISOString(),
    message: expect.stringContaining('no right to tag:GetResources'),
  });
});

test('a place that nobody has ever looked at has the same time', () => {
  const first = conditionsAt(now, { lookedAt: null });
  expect(first).toMatchObject([{ status: 'unknown', danger: { severity: 'none' } }]);
  const later = conditionsAt(addMs(now, 3 * hourMs), { lookedAt: null }, [], first);
  expect(later).toMatchObject([{ status: 'false', danger: { severity: 'warning' } }]);
});

test('more than certkeep reads is said', () => {
  expect(conditionsAt(now, { isWhole: false })).toMatchObject([{ reason: 'TooManyTagged' }]);
});

test('nothing is said where discovery is off', () => {
  expect(discoveredFindings({ config, discovered: null, now })).toEqual([]);
});

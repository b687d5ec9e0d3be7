import { describe, expect, test } from 'vitest';
import { expectedOf } from '#cli/act/retry/expected.ts';
import { endOf } from '#cli/act/wish/until.ts';
import { attemptOf, healthy, now } from '#test/support/healthy.ts';

describe('the end of a pause', () => {
  test.each([
    [{ until: '2027-01-05' }, '2027-01-05T00:00:00Z'],
    [{ until: '2027-01-05 06:00' }, '2027-01-05T06:00:00Z'],
    [{ until: '2027-01-05T06:00:00+01:00' }, '2027-01-05T05:00:00Z'],
    [{ until: '2027-01-05T06:00Z' }, '2027-01-05T06:00:00Z'],
    [{ for: '90m' }, '2026-11-22T04:30:00Z'],
    [{ for: '12h' }, '2026-11-22T15:00:00Z'],
    [{ for: '3d' }, '2026-11-25T03:00:00Z'],
    [{ for: '2w' }, '2026-12-06T03:00:00Z'],
  ])('%j is %s', (given, end) => {
    expect(endOf(given, now, 'next')).toBe(end);
  });

  test.each([
    {},
    { until: '2027-01-05', for: '3d' },
    { until: '5 January' },
    { until: '2027-02-31' },
    { until: '2027-01-05 25:00' },
    { for: '3' },
    { for: '-3d' },
    { for: '3 d' },
  ])('%j is refused', (given) => {
    expect(() => endOf(given, now, 'npx certkeep pause')).toThrow(
      expect.objectContaining({ name: 'CommandFailed', next: 'npx certkeep pause' }),
    );
  });
});

describe('after a retry', () => {
  const before = { id: 'shop', record: healthy(), targets: 1 };

  test.each([
    ['an order', 'issue', 'expires in 29 days', 'new'],
    ['a deploy', 'deploy', 'a failed target is due', 'present'],
    ['nothing', 'none', 'renewal is due on 2027-01-11', 'present'],
    ['a run that works on it', 'wait', 'a deploy is due; a run is at it', 'present'],
    [
      'its turn',
      'wait',
      'x; it waits for its turn: as much as can be done is under way',
      'present',
    ],
  ])('%s is followed', (_, action, reason, awaits) => {
    const lines = [{ certificate: 'shop', action, reason }];
    expect(expectedOf(before, lines)).toEqual({ start: { ...before, awaits } });
  });

  test('an attempt leads to a version', () => {
    const record = healthy({ attempt: attemptOf() });
    const lines = [{ certificate: 'shop', action: 'wait', reason: 'x; a run is at it' }];
    expect(expectedOf({ ...before, record }, lines).start).toMatchObject({ awaits: 'new' });
  });

  test('what begins at a later time is not followed', () => {
    const lines = [
      { certificate: 'shop', action: 'wait', reason: 'until 2027-01-05T06:00:00.000Z' },
    ];
    expect(expectedOf(before, lines)).toEqual({ start: null });
  });
});

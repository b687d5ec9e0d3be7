import { expect, test } from 'vitest';
import { shortSpan } from '#cli/text/times.ts';
import { inWords, timeText } from '#shared/finish/alert/time-text.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';

const now = new Date('2026-12-01T00:00:00Z');
const inTime = (ms: number) => addMs(now, ms).toISOString();

test.each([
  [3 * dayMs - minuteMs, '2 days', '2 d'],
  [2 * dayMs, '2 days', '2 d'],
  // Almost two days are not "1 day".
  [2 * dayMs - 10 * minuteMs, '47 hours', '47 h'],
  [dayMs, '24 hours', '24 h'],
  [2 * hourMs - minuteMs, '119 minutes', '119 min'],
  [minuteMs, '1 minute', '1 min'],
])('%i ms are told as %s, and as %s in a table', (ms, words, short) => {
  expect(inWords(inTime(ms), now)).toBe(words);
  expect(shortSpan(ms)).toBe(short);
});

test('a time is told in UTC to the minute, with how far away it is', () => {
  expect(timeText('2026-12-02T23:50:59.147Z', now)).toBe('2026-12-02 23:50 UTC (in 47 hours)');
  expect(timeText('2026-11-30T23:50:00Z', now)).toBe('2026-11-30 23:50 UTC (10 minutes ago)');
});

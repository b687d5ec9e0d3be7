import { expect, test } from 'vitest';
import { expiringEvent } from '#shared/acquire/events.ts';
import { isForetold } from '#shared/finish/alert/foretold.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { now, versionOf } from '#test/support/healthy.ts';

const end = addMs(now, 20 * dayMs);
const version = versionOf({ notAfter: end.toISOString() });

test.each([0, 1, 7])('a mark from before the threshold of %s days silences nothing', (days) => {
  const crossedAt = addMs(end, -days * dayMs);
  const event = expiringEvent('shop', version, days, days, addMs(crossedAt, hourMs));
  expect(isForetold(event, addMs(crossedAt, -hourMs))).toBe(true);
  expect(isForetold(event, addMs(crossedAt, hourMs))).toBe(false);
  expect(isForetold(event, undefined)).toBe(false);
});

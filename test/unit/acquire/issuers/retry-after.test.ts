import { describe, expect, test } from 'vitest';
import { parseRetryAfter, retryTimeInText } from '#shared/issuers/acme/wire/retry-after.ts';

const now = new Date('2026-11-22T03:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['120', '2026-11-22T03:02:00.000Z'],
    ['0', '2026-11-22T03:00:00.000Z'],
    [' 86400 ', '2026-11-23T03:00:00.000Z'],
    ['Sun, 22 Nov 2026 05:00:00 GMT', '2026-11-22T05:00:00.000Z'],
    ['Sunday, 22-Nov-26 05:00:00 GMT', '2026-11-22T05:00:00.000Z'],
    ['99999999999999999999', '2026-12-22T03:00:00.000Z'],
    ['Fri, 22 Nov 9996 05:00:00 GMT', '2026-12-22T03:00:00.000Z'],
  ])('%o is a time', (header, expected) => {
    expect(parseRetryAfter(header, now)?.toISOString()).toBe(expected);
  });

  test.each(['', '-5', '1.5', 'soon', 'Xday, 99 Foo 2026 GMT'])('%o is none', (header) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  });

  test('that is absent is none', () => {
    expect(parseRetryAfter(undefined, now)).toBeNull();
  });
});

test("the moment in Let's Encrypt's text is read", () => {
  const text =
    'too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s, retry after 2026-11-24 09:18:15 UTC: see https://letsencrypt.org/docs/rate-limits/';
  expect(retryTimeInText(text, now)?.toISOString()).toBe('2026-11-24T09:18:15.000Z');
  expect(retryTimeInText('retry after lunch', now)).toBeNull();
});

import { expect, test } from 'vitest';
import { readLimit } from '#shared/issuers/acme/limits-schema.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { limitsOf } from '#shared/rate-limits/limits.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { issuers } from '#test/support/healthy.ts';

const issuer = issuers.local as IssuerConfig;
const letsencrypt = 'https://acme-v02.api.letsencrypt.org/directory';

test.each([
  ['300 per 3h', 300, 3 * hourMs],
  ['50 per 7d', 50, 7 * dayMs],
  ['5 per h', 5, hourMs],
  ['1 per 12m', 1, 12 * minuteMs],
])('"%s" is %s in %s ms', (written, count, perMs) => {
  expect(readLimit(written)).toEqual({ count, perMs });
});

test.each(['', '0 per 1h', '5', '5 per 0h', '5 per 3 hours', '-1 per 1h', '5 per 1w', ' 5 per 1h'])(
  '"%s" is none',
  (written) => expect(readLimit(written)).toBeNull(),
);

test('it knows the published limits of Let’s Encrypt and those of its staging environment, and no others', () => {
  const { orders, certificatesPerDomain, certificatesPerNames, failuresPerName } = limitsOf({
    ...issuer,
    directory: letsencrypt,
  });
  expect([orders, certificatesPerDomain, certificatesPerNames, failuresPerName]).toEqual([
    { count: 300, perMs: 3 * hourMs },
    { count: 50, perMs: 7 * dayMs },
    { count: 5, perMs: 7 * dayMs },
    { count: 5, perMs: hourMs },
  ]);
  const staging = letsencrypt.replace('acme-v02', 'acme-staging-v02');
  expect(limitsOf({ ...issuer, directory: staging }).orders).toEqual({
    count: 1_500,
    perMs: 3 * hourMs,
  });
  expect(limitsOf(issuer)).toEqual({});
});

test('a limit of one’s own replaces the known one, and no other', () => {
  const limits = { certificatesPerDomain: { count: 5_000, perMs: 7 * dayMs } };
  const known = limitsOf({ ...issuer, directory: letsencrypt, limits });
  expect(known.certificatesPerDomain?.count).toBe(5_000);
  expect(known.orders?.count).toBe(300);
});

import { afterEach, describe, expect, test } from 'vitest';
import type { Issuer } from '#shared/issuers/issuer.ts';
import { goodOrder, type HostileCa, startHostileCa } from '#test/support/hostile-ca.ts';

let ca: HostileCa;
afterEach(() => ca.server.close());

type Asked = (issuer: Issuer, origin: string) => Promise<{ readonly retryAfter: Date | null }>;

describe.each<[string, Asked]>([
  ['newOrder', (issuer) => issuer.newOrder(['example.com'])],
  [
    'an order',
    async (issuer, origin) =>
      (await issuer.order(`${origin}/order/1`)) ?? expect.unreachable('the order is known'),
  ],
  ['an authorization', (issuer, origin) => issuer.authorization(`${origin}/authz/1`)],
  [
    'the answer to a challenge',
    async (issuer, origin) =>
      issuer.answer(`${origin}/challenge`, `.${(await issuer.about()).keyThumbprint}`),
  ],
  [
    'finalize',
    (issuer, origin) => issuer.finalize(`${origin}/finalize`, `${origin}/order/1`, 'AAAA'),
  ],
])('Retry-After on %s', (_, ask) => {
  test.each([
    ['in seconds', '90', new Date('2026-11-22T03:01:30Z')],
    ['as a date', 'Sun, 22 Nov 2026 03:02:00 GMT', new Date('2026-11-22T03:02:00Z')],
    ['that is none', 'soon', null],
  ])('%s', async (_form, header, expected) => {
    const headers = { 'retry-after': header };
    ca = await startHostileCa((origin) => ({
      '/order': {
        status: 201,
        headers: { ...headers, location: `${origin}/order/1` },
        body: goodOrder(origin),
      },
      '/order/1': { headers, body: goodOrder(origin) },
      '/finalize': { headers, body: goodOrder(origin) },
      '/challenge': { headers, body: { type: 'dns-01', status: 'processing' } },
      '/authz/1': {
        headers,
        body: {
          identifier: { type: 'dns', value: 'example.com' },
          status: 'pending',
          challenges: [],
        },
      },
    }));
    expect((await ask(ca.issuer, ca.server.origin)).retryAfter).toEqual(expected);
  });
});

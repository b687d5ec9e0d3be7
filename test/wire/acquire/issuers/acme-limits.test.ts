import { describe, expect, test } from 'vitest';
import { problem, refused } from '#test/support/hostile-ca.ts';

describe('a refusal', () => {
  test.each([
    ['seconds', '3600', '2026-11-22T04:00:00.000Z'],
    ['a date', 'Sun, 22 Nov 2026 05:00:00 GMT', '2026-11-22T05:00:00.000Z'],
  ])('by rate limit is a time to come back, from %s', async (_, header, expected) => {
    const error = await refused(429, problem('rateLimited', 'slow down'), {
      'retry-after': header,
    });
    expect(error).toMatchObject({ name: 'IssuerRateLimited', retryAt: new Date(expected) });
  });

  test('by rate limit counts the later of header and text', async () => {
    const detail = 'too many certificates, retry after 2026-11-24 09:18:15 UTC';
    const error = await refused(429, problem('rateLimited', detail), { 'retry-after': '60' });
    expect(error).toMatchObject({ retryAt: new Date('2026-11-24T09:18:15Z') });
  });

  test('of a paused name, which no waiting ends, shows the link for a person', async () => {
    const link = `https://portal.example/unpause?jwt=${'x'.repeat(400)}`;
    const detail = `Your account is temporarily prevented from requesting certificates for a.example.com. Please visit: ${link}`;
    const error = await refused(429, problem('rateLimited', detail));
    expect(error).toMatchObject({
      name: 'IssuerRefused',
      message: expect.stringContaining(link),
    });
  });

  test('of a paused name keeps the whole link, which no cut one replaces', async () => {
    const names = Array.from({ length: 15 }, (_, at) => `a-rather-long-name-${at}.example.com`);
    const link = `https://portal.example/unpause?jwt=${'x'.repeat(2_500)}`;
    const detail = `Your account is temporarily prevented from requesting certificates for ${names.join(', ')} and possibly others. Please visit: ${link}`;
    const error = await refused(429, problem('rateLimited', detail));
    expect(error).toMatchObject({ name: 'IssuerRefused', cause: { link } });
    expect((error as Error).message).not.toContain(link);
  });

  test.each([
    ['no web page', 'Please visit: javascript:alert(1)'],
    ['a page without TLS', 'Please visit: http://portal.example/'],
  ])('of a paused name has no link to %s', async (_, visit) => {
    const detail = `Your account is temporarily prevented from requesting certificates. ${visit}`;
    const error = await refused(429, problem('rateLimited', detail));
    expect(error).toMatchObject({ name: 'IssuerRefused', cause: { link: null } });
  });

  test('by a busy load balancer is a limit, by a broken one an outage', async () => {
    const page = '<html>Service Unavailable</html>';
    const html = { 'content-type': 'text/html' };
    expect(await refused(503, page, { ...html, 'retry-after': '30' })).toMatchObject({
      name: 'IssuerRateLimited',
      retryAt: new Date('2026-11-22T03:00:30Z'),
    });
    expect(await refused(503, page, html)).toMatchObject({ name: 'IssuerUnreachable' });
    expect(await refused(500, 'not json {')).toMatchObject({ name: 'IssuerUnreachable' });
  });
});

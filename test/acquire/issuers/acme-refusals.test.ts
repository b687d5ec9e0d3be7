import { afterEach, describe, expect, test } from 'vitest';
import { AcmeProblem } from '#shared/acquire/issuers/acme/problem.ts';
import { type HostileCa, type Script, startHostileCa } from '../../support/hostile-ca.ts';

let ca: HostileCa | undefined;
afterEach(() => ca?.server.close());

async function caSaying(script: (origin: string) => Script): Promise<HostileCa> {
  ca = await startHostileCa(script);
  return ca;
}

function problem(type: string, detail: string, more: object = {}) {
  return { type: `urn:ietf:params:acme:error:${type}`, detail, ...more };
}

async function refused(status: number, body: unknown, headers = {}): Promise<unknown> {
  const { issuer } = await caSaying(() => ({ '/order': { status, headers, body } }));
  return issuer.newOrder(['example.com']).then(
    () => expect.unreachable(),
    (error) => error,
  );
}

describe('a refusal', () => {
  test('keeps what the CA said, as its cause', async () => {
    const subproblems = [
      { ...problem('caa', 'forbidden'), identifier: { type: 'dns', value: 'a.example.com' } },
    ];
    const error = await refused(403, problem('rejectedIdentifier', 'no', { subproblems }));
    expect(error).toMatchObject({
      name: 'IssuerRefused',
      message: 'the CA refused: no; a.example.com: forbidden (rejectedIdentifier, 403)',
      cause: expect.any(AcmeProblem),
    });
    expect((error as Error).cause).toMatchObject({
      type: 'rejectedIdentifier',
      status: 403,
      subproblems: [{ type: 'caa', detail: 'forbidden', name: 'a.example.com' }],
    });
  });

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

  test('by a busy load balancer is a limit, by a broken one an outage', async () => {
    const page = '<html>Service Unavailable</html>';
    const html = { 'content-type': 'text/html' };
    expect(await refused(503, page, { ...html, 'retry-after': '30' })).toMatchObject({
      name: 'IssuerRateLimited',
      retryAt: new Date('2026-11-22T03:00:30Z'),
    });
    await ca?.server.close();
    expect(await refused(503, page, html)).toMatchObject({ name: 'IssuerUnreachable' });
    await ca?.server.close();
    expect(await refused(500, 'not json {')).toMatchObject({ name: 'IssuerUnreachable' });
  });

  test('brings no control characters and no endless text into messages', async () => {
    const detail = `\u001b[31mred\u001b[0m\nsecond line\u202e${'x'.repeat(100_000)}`;
    const { message } = (await refused(400, problem('malformed', detail))) as Error;
    expect(message).toContain('[31mred [0m second line');
    expect(message).not.toMatch(/\p{C}/u);
    expect(message.length).toBeLessThan(1_200);
  });
});

describe('an order that is asked for', () => {
  test.each([
    [404, 'malformed'],
    [403, 'unauthorized'],
  ])('with the answer %i %s is unknown', async (status, type) => {
    const answer = { status, body: problem(type, 'No order for ID 1') };
    const { issuer, server } = await caSaying(() => ({ '/order/1': answer }));
    expect(await issuer.order(`${server.origin}/order/1`)).toBeNull();
  });

  test('while the CA is down is not unknown', async () => {
    const { issuer, server } = await caSaying(() => ({ '/order/1': { status: 502 } }));
    await expect(issuer.order(`${server.origin}/order/1`)).rejects.toMatchObject({
      name: 'IssuerUnreachable',
    });
  });
});

describe('badNonce', () => {
  const badNonce = { status: 400, body: problem('badNonce', 'unknown nonce') };

  test('is answered with the nonce it brought', async () => {
    const { issuer, asked } = await caSaying((origin) => ({
      '/order/1': (earlier) =>
        earlier < 3
          ? badNonce
          : { body: { status: 'ready', authorizations: [`${origin}/a`], finalize: `${origin}/f` } },
    }));
    const { url } = await issuer.newOrder(['example.com']);
    expect(await issuer.order(url)).toMatchObject({ status: 'ready' });
    expect(asked('/nonce')).toBe(1);
  });

  test('without end is given up on, as an outage of the CA', async () => {
    const { issuer, asked } = await caSaying(() => ({ '/order': badNonce }));
    await expect(issuer.newOrder(['example.com'])).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      message: expect.stringContaining('badNonce'),
    });
    expect(asked('/order')).toBe(6);
  });

  test('is not provoked by a nonce from before a freeze', async () => {
    const { issuer, clock, asked } = await caSaying(() => ({}));
    const { url } = await issuer.newOrder(['example.com']);
    await issuer.order(url);
    expect(asked('/nonce')).toBe(1);
    clock.advance(10 * 60_000);
    await issuer.order(url);
    expect(asked('/nonce')).toBe(2);
  });
});

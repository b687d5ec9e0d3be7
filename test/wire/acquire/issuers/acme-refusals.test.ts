import { afterEach, describe, expect, test } from 'vitest';
import { AcmeProblem } from '#shared/issuers/acme/problem.ts';
import { type AcmeLab, acmeLab } from '#test/support/acme-lab.ts';
import {
  type HostileCa,
  problem,
  refused,
  type Script,
  startHostileCa,
} from '#test/support/hostile-ca.ts';

let ca: HostileCa | undefined;
let lab: AcmeLab | undefined;
afterEach(async () => {
  await ca?.server.close();
  await lab?.close();
  lab = undefined;
});

async function caSaying(script: (origin: string) => Script): Promise<HostileCa> {
  ca = await startHostileCa(script);
  return ca;
}

describe('a refusal', () => {
  test('keeps what the CA said, as its cause', async () => {
    const subproblems = [
      { ...problem('caa', 'forbidden'), identifier: { type: 'dns', value: 'a.example.com' } },
    ];
    const error = await refused(403, problem('rejectedIdentifier', 'no', { subproblems }));
    expect(error).toMatchObject({
      name: 'IssuerRefused',
      message: 'the CA refused: "no"; a.example.com: "forbidden" (rejectedIdentifier, 403)',
      cause: expect.any(AcmeProblem),
    });
    expect((error as Error).cause).toMatchObject({
      type: 'rejectedIdentifier',
      status: 403,
      subproblems: [{ type: 'caa', detail: 'forbidden', name: 'a.example.com' }],
    });
  });

  test.each([
    ['the page of the CA', 'userActionRequired', 'https://ca.example/terms', true],
    ['no page without TLS', 'userActionRequired', 'http://ca.example/terms', false],
    ['none that nobody has to visit', 'malformed', 'https://ca.example/terms', false],
  ])('until a person agrees to new terms links to %s', async (_, type, instance, links) => {
    const error = await refused(403, problem(type, 'terms have changed', { instance }));
    expect(error).toMatchObject({
      name: 'IssuerRefused',
      cause: { link: links ? instance : null },
    });
  });

  test.each([
    ['a page', '<html>Forbidden</html>', 'text/html'],
    ['JSON that says nothing', '{"error": 1020}', 'application/json'],
    ['nothing', '', 'application/problem+json'],
  ])('by a device in front of the CA, with %s, is not the CA’s', async (_, body, type) => {
    expect(await refused(403, body, { 'content-type': type })).toMatchObject({
      name: 'IssuerAnswerInvalid',
      message: expect.stringContaining('HTTP status 403 without an explanation'),
      cause: { status: 403 },
    });
  });

  test('with a hundred subproblems names ten of them', async () => {
    const subproblems = Array.from({ length: 100 }, (_, at) => ({
      ...problem('caa', 'x'.repeat(300)),
      identifier: { type: 'dns', value: `n${at}.example.com` },
    }));
    const error = (await refused(403, problem('caa', 'no', { subproblems }))) as Error;
    expect(error.message).toContain('n9.example.com');
    expect(error.message).not.toContain('n10.example.com');
    expect((error.cause as AcmeProblem).subproblems).toHaveLength(100);
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
    expect(asked('/order')).toBe(11);
  });

  test('of an order whose answer was lost is not tried again: there may be an order already', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    await issuer.about();
    lab.faults.add({
      when: ({ operation }) => operation === 'newOrder',
      fault: { do: 'lose-answer' },
    });
    await expect(issuer.newOrder(['example.com'])).rejects.toMatchObject({
      name: 'IssuerUnreachable',
      message: expect.stringContaining('the connection broke before the answer'),
    });
    expect(lab.faults.calls.filter(({ operation }) => operation === 'newOrder')).toHaveLength(1);
    expect(lab.ca.ledger().orders).toHaveLength(1);
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

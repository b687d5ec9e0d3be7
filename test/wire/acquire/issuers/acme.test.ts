import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { checkIssued } from '#shared/x509/certificate.ts';
import { type AcmeLab, acmeLab, authorize, obtain, settled } from '#test/support/acme-lab.ts';

let lab: AcmeLab;
afterEach(() => lab.close());

function operations(): readonly string[] {
  return lab.faults.calls.map(({ operation }) => operation);
}

describe('an order at the local CA', () => {
  test('for apex and wildcard becomes a certificate for the key and no other', async () => {
    lab = await acmeLab();
    const names = ['example.com', '*.example.com'];
    const { clock } = lab.dns;
    const issued = await obtain(lab.issuer(), lab.dns.solver(), clock, names);
    const expected = { names, keyAlgorithm: 'ecdsa-p256', now: clock.now() } as const;
    expect(checkIssued(issued, { ...expected, keyPem: issued.keyPem })).toEqual([]);
    const [top] = issued.chainPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
    const root = new X509Certificate(lab.ca.issuanceRootPem);
    expect(new X509Certificate(top ?? '').verify(root.publicKey)).toBe(true);
    expect(lab.ca.ledger().orders).toMatchObject([{ status: 'valid', finalizedTimes: 1 }]);
  });

  test('takes about nine requests, and eight where account and directory are warm', async () => {
    lab = await acmeLab({ validationMs: 0, finalizeMs: 0 });
    const issuer = lab.issuer();
    await obtain(issuer, lab.dns.solver(), lab.dns.clock, ['www.example.com']);
    const cold = operations().length;
    await obtain(issuer, lab.dns.solver(), lab.dns.clock, ['shop.example.com']);
    const warm = operations().slice(cold);
    expect(cold).toBeLessThanOrEqual(10);
    expect(warm.length).toBeLessThanOrEqual(8);
    expect(warm).not.toContain('newNonce');
    expect(warm).not.toContain('newAccount');
  });

  test('comes through where every third nonce is refused', async () => {
    lab = await acmeLab({ nonceRejectPercent: 33 });
    const names = ['www.example.com'];
    const issued = await obtain(lab.issuer(), lab.dns.solver(), lab.dns.clock, names);
    expect(new X509Certificate(issued.certificatePem).subjectAltName).toBe('DNS:www.example.com');
  });

  test('is resumed by another process, which needs its URL alone', async () => {
    lab = await acmeLab();
    const { clock } = lab.dns;
    const first = lab.issuer();
    const order = await first.newOrder(['www.example.com']);
    await authorize(first, lab.dns.solver(), clock, order);
    const second = lab.issuer();
    expect(await settled(second, clock, order, 'pending')).toMatchObject({ status: 'ready' });
    expect(lab.ca.ledger().accounts).toHaveLength(1);
  });

  test('without its TXT value fails, and the authorization says why', async () => {
    lab = await acmeLab({ authzReuse: false });
    const issuer = lab.issuer();
    const order = await issuer.newOrder(['www.example.com']);
    const [url = ''] = order.authorizationUrls;
    const { challenges } = await issuer.authorization(url);
    const challenge = challenges.find(({ type }) => type === 'dns-01');
    await issuer.answer(challenge?.url ?? '', challenge?.keyAuthorization ?? '');
    expect(await settled(issuer, lab.dns.clock, order, 'pending')).toMatchObject({
      status: 'invalid',
    });
    const failed = await issuer.authorization(url);
    expect(failed.challenges.find(({ type }) => type === 'dns-01')).toMatchObject({
      status: 'invalid',
      problem: { message: expect.stringContaining('_acme-challenge.www.example.com') },
    });
  });

  test('finalized too early is refused, and can be read again', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    const order = await issuer.newOrder(['www.example.com']);
    await expect(issuer.finalize(order.finalizeUrl ?? '', order.url, 'AAAA')).rejects.toMatchObject(
      {
        name: 'IssuerRefused',
        message: expect.stringContaining('orderNotReady'),
      },
    );
    expect(await issuer.order(order.url)).toMatchObject({ status: 'pending' });
  });

  test('whose finalize lost its answer was finalized all the same', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    lab.faults.add({
      when: ({ operation }) => operation === 'finalize',
      fault: { do: 'lose-answer' },
    });
    const lost = obtain(issuer, lab.dns.solver(), lab.dns.clock, ['www.example.com']);
    const error = await lost.catch((failure) => failure);
    expect(lab.ca.ledger().orders).toMatchObject([{ finalizedTimes: 1 }]);
    const [{ url } = { url: '' }] = lab.ca.ledger().orders;
    expect(await issuer.order(url)).toMatchObject({
      status: expect.stringMatching(/processing|valid/),
    });
    expect(error).toMatchObject({ name: expect.stringMatching(/^Issuer/) });
  });
});

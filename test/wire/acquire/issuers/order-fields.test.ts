import { renewalId } from 'local-cloud/ca/renewal-info.ts';
import { afterEach, describe, expect, test } from 'vitest';
import type { Issuer } from '#shared/issuers/issuer.ts';
import { dayMs } from '#shared/time/clock.ts';
import { accountKeys } from '#test/support/account-keys.ts';
import { type AcmeLab, acmeLab, obtain } from '#test/support/acme-lab.ts';
import { logInto } from '#test/support/issuer-deps.ts';
import { refusing } from '#test/support/two-cas.ts';

let lab: AcmeLab;
afterEach(() => lab.close());

const profiles = {
  classic: { validityMs: 90 * dayMs },
  short: { validityMs: 6 * dayMs, mostNames: 2 },
};

function newOrders(): readonly unknown[] {
  return lab.faults.calls
    .filter(({ operation }) => operation === 'newOrder')
    .map(({ input }) => input);
}

describe('a profile', () => {
  test('is ordered by its name', async () => {
    lab = await acmeLab({ profiles });
    const issuer = lab.issuer({ profile: 'short' });
    const { certificatePem } = await obtain(issuer, lab.dns.solver(), lab.dns.clock, [
      'www.example.com',
    ]);
    expect(certificatePem).toBeTruthy();
    expect(lab.ca.ledger().orders).toMatchObject([{ profile: 'short' }]);
    expect(await issuer.about()).toMatchObject({ profiles: ['classic', 'short'] });
  });

  test.each([
    ['that the CA has not', profiles, 'tlsserver', 'the CA offers classic, short'],
    ['of a CA without any', {}, 'short', 'the CA has no profiles'],
  ])('%s orders nothing', async (_, offered, profile, why) => {
    lab = await acmeLab({ profiles: offered });
    await expect(lab.issuer({ profile }).newOrder(['www.example.com'])).rejects.toMatchObject({
      name: 'ProfileUnavailable',
      message: expect.stringContaining(why),
    });
    expect(newOrders()).toEqual([]);
  });

  test('with more names than it takes is refused by the CA', async () => {
    lab = await acmeLab({ profiles });
    const names = ['a', 'b', 'c'].map((host) => `${host}.example.com`);
    await expect(lab.issuer({ profile: 'short' }).newOrder(names)).rejects.toMatchObject({
      name: 'IssuerRefused',
      message: expect.stringContaining('more than 2 identifiers'),
    });
  });
});

describe('an order that replaces a certificate', () => {
  async function issuedBy(issuer: Issuer): Promise<string> {
    const { certificatePem } = await obtain(issuer, lab.dns.solver(), lab.dns.clock, [
      'www.example.com',
    ]);
    return renewalId(certificatePem);
  }

  test('says so', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    const replaces = await issuedBy(issuer);
    await issuer.newOrder(['www.example.com'], replaces);
    expect(lab.ca.ledger().orders).toMatchObject([{ replaces: null }, { replaces }]);
  });

  test('which another order replaces already is made without saying so, once', async () => {
    lab = await acmeLab();
    const log: string[] = [];
    const issuer = lab.issuer({ deps: { log: logInto(log) } });
    const replaces = await issuedBy(issuer);
    await issuer.newOrder(['www.example.com', 'a.example.com'], replaces);
    const order = await issuer.newOrder(['www.example.com'], replaces);
    expect(order.status).toBe('ready');
    expect(lab.ca.ledger().orders.at(-1)).toMatchObject({ replaces: null });
    expect(log).toEqual([expect.stringContaining('alreadyReplaced')]);
    expect(newOrders()).toHaveLength(4);
  });

  test('which an older CA finds in conflict is made without saying so, once', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    const replaces = await issuedBy(issuer);
    const refused = refusing('newOrder', { type: 'conflict', status: 409 });
    lab.ca.misbehaviour.add({
      ...refused,
      when: (request) => refused.when(request) && request.payload?.replaces !== undefined,
    });
    expect((await issuer.newOrder(['www.example.com'], replaces)).isReplacing).toBe(false);
    expect(newOrders()).toHaveLength(3);
  });

  test('which the CA fails over is not made again at once', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    const replaces = await issuedBy(issuer);
    const failing = refusing('newOrder', { type: 'serverInternal', status: 500 });
    lab.ca.misbehaviour.add({
      ...failing,
      when: (request) => failing.when(request) && request.payload?.replaces !== undefined,
    });
    await expect(issuer.newOrder(['www.example.com'], replaces)).rejects.toMatchObject({
      name: 'IssuerUnreachable',
    });
    expect(newOrders()).toHaveLength(2);
  });

  test('of another account, or unknown to the CA, is made without saying so', async () => {
    lab = await acmeLab();
    const replaces = await issuedBy(lab.issuer());
    const stranger = lab.issuer({ deps: { keyStore: accountKeys() } });
    expect((await stranger.newOrder(['www.example.com'], replaces)).status).toBe('pending');
    expect((await stranger.newOrder(['a.example.com'], 'AAAA.AAAA')).status).toBe('pending');
  });

  test('is refused once and for all where the reason is another', async () => {
    lab = await acmeLab();
    const issuer = lab.issuer();
    const replaces = await issuedBy(issuer);
    await expect(issuer.newOrder(['nodots'], replaces)).rejects.toMatchObject({
      name: 'IssuerRefused',
      message: expect.stringContaining('rejectedIdentifier'),
    });
    expect(newOrders()).toHaveLength(2);
  });

  test('of a CA without renewal information does not say so', async () => {
    lab = await acmeLab({ renewalInfo: false });
    const issuer = lab.issuer();
    await issuer.newOrder(['www.example.com'], await issuedBy(issuer));
    expect(newOrders().filter((order) => 'replaces' in (order as object))).toEqual([]);
  });
});

import { afterEach, expect, test } from 'vitest';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { createIssuer } from '#shared/issuers/registry.ts';
import type { Secret } from '#shared/secret.ts';
import { accountKeys } from '#test/support/account-keys.ts';
import { type AcmeLab, acmeLab, issuerConfig } from '#test/support/acme-lab.ts';
import { type HostileCa, startHostileCa } from '#test/support/hostile-ca.ts';
import { issuerDeps } from '#test/support/issuer-deps.ts';
import { loadedIssuers } from '#test/support/loaded-issuers.ts';

let close: () => Promise<void> = async () => {};
afterEach(() => close());

async function lab(): Promise<AcmeLab> {
  const started = await acmeLab();
  close = started.close;
  return started;
}

async function hostile(script: Parameters<typeof startHostileCa>[0]): Promise<HostileCa> {
  const started = await startHostileCa(script);
  close = started.server.close;
  return started;
}

const doesNotExist = {
  status: 400,
  body: { type: 'urn:ietf:params:acme:error:accountDoesNotExist', detail: 'no such account' },
};

test('many orders at once share one registration', async () => {
  const { ca, faults, issuer } = await lab();
  const warm = issuer();
  await Promise.all(['a', 'b', 'c'].map((host) => warm.newOrder([`${host}.example.com`])));
  await warm.newOrder(['d.example.com']);
  expect(faults.calls.filter(({ operation }) => operation === 'newAccount')).toHaveLength(1);
  expect(ca.ledger().accounts).toHaveLength(1);
});

test('the key is stored under the directory, whatever the issuer is called, before the account exists', async () => {
  const { ca, faults } = await lab();
  const keys = accountKeys();
  const order: string[] = [];
  const keyStore = {
    ...keys,
    accountKey: async (name: string, create: () => Secret) => {
      order.push(`key, ${faults.calls.length} requests before`);
      return keys.accountKey(name, create);
    },
  };
  const issuer = createIssuer(
    loadedIssuers,
    issuerConfig(ca),
    issuerDeps({ name: 'main', keyStore }),
  );
  await issuer.newOrder(['www.example.com']);
  expect(order).toEqual(['key, 0 requests before']);
  const directory = ca.directoryUrl;
  expect(keys.names()).toEqual([accountKeyName({ directory })]);
  await createIssuer(
    loadedIssuers,
    issuerConfig(ca),
    issuerDeps({ name: 'renamed', keyStore }),
  ).about();
  expect(keys.names()).toHaveLength(1);
});

test('an account that the CA lost is registered again, once', async () => {
  const { issuer, asked } = await hostile(() => ({ '/order': doesNotExist }));
  await expect(issuer.newOrder(['example.com'])).rejects.toMatchObject({ name: 'IssuerRefused' });
  expect(asked('/account')).toBe(2);
  expect(asked('/order')).toBe(2);
});

test('a registration that failed is tried again by the next call', async () => {
  const { issuer, asked } = await hostile((origin) => ({
    '/account': (earlier) =>
      earlier === 0
        ? { status: 500 }
        : { status: 201, headers: { location: `${origin}/account/1` } },
  }));
  await expect(issuer.newOrder(['example.com'])).rejects.toMatchObject({
    name: 'IssuerUnreachable',
  });
  await issuer.newOrder(['example.com']);
  expect(asked('/account')).toBe(2);
});

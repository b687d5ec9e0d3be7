import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { readExternalAccount } from '#shared/issuers/acme/external-account.ts';
import { Secret } from '#shared/secret.ts';
import { accountKeys } from '#test/support/account-keys.ts';
import { type AcmeLab, acmeLab } from '#test/support/acme-lab.ts';
import { personalSecrets } from '#test/support/issuer-deps.ts';
import { refusing } from '#test/support/two-cas.ts';

let lab: AcmeLab;
let isOpen = false;
afterEach(async () => {
  if (isOpen) await lab.close();
  isOpen = false;
});

async function openLab(once = true): Promise<void> {
  lab = await acmeLab({ externalAccounts: { keys: { 'kid-1': hmacKey }, once } });
  isOpen = true;
}

const hmacKey = Buffer.from('a key of thirty-two bytes, and no less').toString('base64url');
const binding = { externalAccountBinding: { secret: 'certkeep/eab' } };

function secretHolding(kid: string, key = hmacKey) {
  return personalSecrets({ 'certkeep/eab': JSON.stringify({ kid, hmacKey: key }) });
}

function registrations(): number {
  return lab.faults.calls.filter(({ operation }) => operation === 'newAccount').length;
}

test('an account is bound once and outlives its binding, which is not read again', async () => {
  await openLab();
  const secrets = secretHolding('kid-1');
  await lab.issuer({ ...binding, deps: secrets }).newOrder(['a.example.com']);
  await lab.issuer({ ...binding, deps: secrets }).newOrder(['b.example.com']);
  expect(lab.ca.ledger().accounts).toHaveLength(1);
  expect(secrets.read).toEqual(['certkeep/eab']);
});

test('a lost answer to the registration leaves the account, and the binding used up, usable', async () => {
  await openLab();
  lab.faults.add({
    when: ({ operation, input }) =>
      operation === 'newAccount' && 'externalAccountBinding' in (input as object),
    fault: { do: 'lose-answer' },
  });
  await lab.issuer({ ...binding, deps: secretHolding('kid-1') }).newOrder(['a.example.com']);
  expect(lab.ca.ledger().accounts).toHaveLength(1);
});

test('two processes that register at once share the account of the one key', async () => {
  await openLab();
  const keyStore = accountKeys();
  const orders = ['a', 'b'].map((host) =>
    lab
      .issuer({ ...binding, deps: { ...secretHolding('kid-1'), keyStore } })
      .newOrder([`${host}.example.com`]),
  );
  await Promise.all(orders);
  expect(lab.ca.ledger().accounts).toHaveLength(1);
});

test.each([
  ['externalAccountRequired', 400],
  ['malformed', 400],
  ['unauthorized', 403],
  ['userActionRequired', 403],
])(
  'a CA that wants the binding even to look an account up, and says %s, is given it',
  async (type, status) => {
    await openLab(false);
    const unbound = refusing('newAccount', { type, status });
    lab.ca.misbehaviour.add({
      ...unbound,
      when: (request) => unbound.when(request) && !request.payload?.externalAccountBinding,
    });
    const keyStore = accountKeys();
    for (const host of ['a', 'b']) {
      const deps = { ...secretHolding('kid-1'), keyStore };
      await lab.issuer({ ...binding, deps }).newOrder([`${host}.example.com`]);
    }
    expect(lab.ca.ledger().accounts).toHaveLength(1);
  },
);

test('a binding that is used up while the account is lost is named, with what helps', async () => {
  await openLab();
  await lab.issuer({ ...binding, deps: secretHolding('kid-1') }).newOrder(['a.example.com']);
  const deps = { ...secretHolding('kid-1'), keyStore: accountKeys() };
  const error = await lab
    .issuer({ ...binding, deps })
    .newOrder(['b.example.com'])
    .catch((thrown) => thrown);
  expect(error).toMatchObject({
    name: 'ExternalAccountRefused',
    retryable: false,
    message: expect.stringMatching(/secret certkeep\/eab, and has no account .*used before/),
    nextStep: expect.stringContaining('Get a new external account binding from the CA'),
  });
});

test('a binding that the CA refuses is told as it says', async () => {
  await openLab();
  const issuer = lab.issuer({ ...binding, deps: secretHolding('nobody') });
  await expect(issuer.newOrder(['a.example.com'])).rejects.toMatchObject({
    name: 'ExternalAccountRefused',
    message: expect.stringContaining(`unknown external account 'nobody'`),
  });
  expect(lab.ca.ledger().accounts).toEqual([]);
});

test('a CA that wants a binding and gets none says so', async () => {
  await openLab();
  await expect(lab.issuer().newOrder(['a.example.com'])).rejects.toMatchObject({
    name: 'IssuerRefused',
    message: expect.stringContaining('externalAccountRequired'),
  });
  expect(registrations()).toBe(1);
});

test.each([
  ['is missing', null, 'does not exist'],
  ['is no JSON', 'kid: a', 'is not {'],
  ['is a list', '[]', 'is not {'],
  ['has no key', '{"kid": "a"}', 'is not {'],
  ['has a key of other characters', '{"kid": "a", "hmacKey": "not base64 at all"}', 'is not {'],
])('a secret that %s is named, and its value is not', (_, value, what) => {
  const read = () => readExternalAccount('certkeep/eab', value === null ? null : new Secret(value));
  expect(read).toThrow(`secret certkeep/eab ${what}`);
  if (value) expect(read).not.toThrow(value);
});

test('the key of a binding is never printed', () => {
  const account = readExternalAccount('s', new Secret(JSON.stringify({ kid: 'a', hmacKey })));
  expect(`${inspect(account)}${JSON.stringify(account)}`).not.toContain(hmacKey);
});

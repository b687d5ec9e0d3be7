import { describe, expect, test } from 'vitest';
import { listSourceOf } from '#shared/acquire/advice/list-source.ts';
import { refusedFor } from '#shared/crl/addresses.ts';
import { fetchRevocationList } from '#shared/crl/fetch.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { issuers, versionOf } from '#test/support/healthy.ts';

const publicCa = { trustedHost: 'ca.example', isPrivateCa: false, mostBytes: 2 << 20 };

describe('of a public CA', () => {
  test.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '198.18.0.1',
    '169.254.169.254',
    '127.0.0.1',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:10.1.2.3]',
    '[64:ff9b::10.1.2.3]',
    '0xa010203',
  ])('an address in a private network is not asked: %s', async (host) => {
    await expect(fetchRevocationList(`http://${host}/1.crl`, publicCa)).rejects.toMatchObject({
      name: 'RevocationListUnavailable',
      message: expect.stringContaining('is refused'),
    });
  });

  test('only the usual port is asked', async () => {
    const asked = fetchRevocationList('http://crl.example:8080/1.crl', publicCa);
    await expect(asked).rejects.toThrow('http://crl.example:8080/1.crl: port 8080 is refused');
  });
});

test('of a private CA, its network may be asked, and this machine still not', () => {
  const isRefused = refusedFor({ isPrivateCa: true });
  expect(['10.1.2.3', '192.168.1.1', 'fd00::1'].map(isRefused)).toEqual([false, false, false]);
  expect(['127.0.0.1', '169.254.170.2', '::1'].map(isRefused)).toEqual([true, true, true]);
});

test.each([publicCa, { ...publicCa, isPrivateCa: true }])(
  'a user and a password are sent nowhere, and shown to nobody',
  async (source) => {
    const asked = fetchRevocationList('http://admin:hunter2@ca.example/1.crl', source);
    await expect(asked).rejects.toThrow('http://…@ca.example/1.crl: a user or password is refused');
  },
);

function sourceOf(directory: string, change: Partial<IssuerConfig> = {}) {
  const local = { ...(issuers.local as IssuerConfig), directory, ...change };
  const origin = { directory, account: 'a', profile: null, staging: false };
  return listSourceOf(versionOf({ origin }), { issuers: { local } });
}

test.each<[string, Partial<IssuerConfig>, boolean]>([
  ['https://acme-v02.api.letsencrypt.org/directory', {}, false],
  ['https://acme.corp.example/directory', {}, false],
  ['https://acme.corp.example/directory', { caBundle: 'PEM' }, true],
  ['https://ca.corp.example/acme/internal/directory', {}, true],
  ['https://vault.internal/directory', {}, true],
  ['https://10.0.0.5:9000/directory', {}, true],
  ['https://[fd00::5]/directory', {}, true],
])('%s with %o is private: %s', (directory, change, isPrivateCa) => {
  expect(sourceOf(directory, change).isPrivateCa).toBe(isPrivateCa);
});

test('a record about a CA that is not configured opens no address', () => {
  const directory = 'http://169.254.169.254/directory';
  const origin = { directory, account: 'a', profile: null, staging: false };
  expect(listSourceOf(versionOf({ origin }), { issuers })).toEqual({
    trustedHost: '',
    isPrivateCa: false,
    mostBytes: 2 << 20,
  });
});

test('a text that is no URL leads to a named error too', async () => {
  await expect(fetchRevocationList('crl', publicCa)).rejects.toMatchObject({
    name: 'RevocationListUnavailable',
    message: 'crl: is no URL',
  });
});

test('two MiB are read unless the issuer says otherwise, and only of the CA that it is', () => {
  const directory = 'https://ca.example/directory';
  expect(sourceOf(directory).mostBytes).toBe(2 << 20);
  expect(sourceOf(directory, { revocationListMiB: 8 }).mostBytes).toBe(8 << 20);
  const version = versionOf({
    origin: { directory: 'https://former.example/', account: 'a', profile: null, staging: false },
  });
  const local = { ...(issuers.local as IssuerConfig), directory, caBundle: 'PEM' };
  expect(listSourceOf(version, { issuers: { local } })).toEqual({
    trustedHost: '',
    isPrivateCa: false,
    mostBytes: 2 << 20,
  });
});

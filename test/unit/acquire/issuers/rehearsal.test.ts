import { expect, test } from 'vitest';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { namedDirectories } from '#shared/issuers/acme/directories.ts';
import { everyAccountOf, rehearsalIssuer, rehearsalObstacle } from '#shared/issuers/rehearsal.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { issuers } from '#test/support/healthy.ts';

const { google, letsencrypt, zerossl } = namedDirectories;
const staging = namedDirectories['letsencrypt-staging'];
const googleStaging = namedDirectories['google-staging'];
const issuer = (change: Partial<IssuerConfig>) => ({ ...issuers.local, ...change }) as IssuerConfig;
const binding = { externalAccountBinding: { secret: 'ca/google-staging' } };

test('a rehearsal has an account of its own, and not the limits of the CA', () => {
  const limits = { orders: { count: 1, perMs: 1 } };
  const bound = { externalAccountBinding: { secret: 'ca/google' } };
  const at = issuer({ ...bound, directory: letsencrypt.url, limits, profile: 'shortlived' });
  expect(rehearsalIssuer(at)).toEqual({
    ...issuers.local,
    ...{ directory: staging.url, staging: true, profile: 'shortlived' },
  });
  const own = { directory: 'https://staging.example/directory', ...binding };
  expect(rehearsalIssuer(issuer({ ...bound, rehearsal: own }))).toMatchObject(own);
});

test.each<[string, Partial<IssuerConfig>, string | null]>([
  ["Let's Encrypt", { directory: letsencrypt.url }, null],
  [
    'a CA whose staging directory is configured',
    { rehearsal: { directory: 'https://s.example/' } },
    null,
  ],
  ['Google with a binding for it', { directory: google.url, rehearsal: binding }, null],
  [
    'Google without one',
    { directory: google.url },
    'Google Trust Services (staging) takes no account without an external account binding, and "rehearsal" of the issuer ca has none',
  ],
  ['ZeroSSL', { directory: zerossl.url }, 'ca has no staging directory'],
  ['a private CA', {}, 'ca has no staging directory'],
  ['a staging directory', { directory: staging.url }, 'ca is a staging directory itself'],
  ['one that is configured as such', { staging: true }, 'ca is a staging directory itself'],
])('%s: %j', (_, change, obstacle) => {
  expect(rehearsalObstacle('ca', issuer(change))).toBe(obstacle);
});

test('an issuer that has left the configuration rehearses nothing', () => {
  expect(rehearsalObstacle('ca', undefined)).toBe('the issuer ca is not in the configuration');
});

test('accounts are those that issue, and those of rehearsals that are possible', () => {
  const all = {
    ...{ le: issuer({ directory: letsencrypt.url }), staged: issuer({ directory: staging.url }) },
    ...{ google: issuer({ directory: google.url }), other: issuer({}) },
  };
  const accounts = (of: Record<string, IssuerConfig>) => everyAccountOf({ issuers: of }).toSorted();
  const named = (...urls: string[]) => urls.map((directory) => accountKeyName({ directory }));
  const plain = named(letsencrypt.url, staging.url, google.url, issuers.local?.directory ?? '');
  expect(accounts(all)).toEqual(plain.toSorted());
  const bound = issuer({ directory: google.url, rehearsal: binding });
  const more = accountKeyName({ directory: googleStaging.url, ...binding });
  expect(accounts({ ...all, google: bound })).toEqual([...plain, more].toSorted());
});

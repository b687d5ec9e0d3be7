import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isOfAccount, whyNotOurs } from '#shared/acquire/challenges/own-values.ts';
import type { CnameStrategy } from '#shared/dns/challenge-name.ts';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import { fakeDns } from '#test/support/fake-dns.ts';
import { fakeSolver } from '#test/support/fake-solver.ts';

const thumbprint = 'ours'.padEnd(43, '0');
const keyAuthorization = `token.${thumbprint}`;
const value = digestOf(keyAuthorization);
const others = digestOf('others');
const intent: TxtIntent = {
  attemptId: 'a1',
  solver: 'dns',
  zoneId: 'zone-example.com',
  name: '_acme-challenge.example.com',
  value,
  keyAuthorization,
};
const { keyAuthorization: _, ...former } = intent;

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

const dns = fakeDns({
  '_acme-challenge.www.example.com': { CNAME: 'here.challenges.example.net' },
  'here.challenges.example.net': {},
});
const names = ['example.com', '*.shop.example.com', 'www.example.com'];
const zones = fakeSolver('example.com', 'challenges.example.net');

function why(
  changed: TxtIntent,
  { solver = zones as Solver, cnameStrategy = 'none' as CnameStrategy, asked = names } = {},
) {
  const chosen = { key: 'dns', solver, challenge: 'dns-01', cnameStrategy } as const;
  const proving = { solvers: { forName: () => chosen }, dns, certificate: { names: asked } };
  return whyNotOurs(proving, solver, changed);
}

test('a value that comes with what it is the digest of is ours wherever it is', async () => {
  expect(await why(intent)).toBeNull();
  expect(await why({ ...intent, name: '_acme-challenge.former.example.org' })).toBeNull();
  expect(await why(intent, { asked: [] })).toBeNull();
});

test.each<[string, TxtIntent, string]>([
  ['a policy', { ...former, value: 'v=spf1 -all' }, 'no digest'],
  ['a policy, with a key authorization', { ...intent, value: 'v=DMARC1; p=none' }, 'no digest'],
  ['a digest of others', { ...intent, value: others }, 'something else'],
  [
    'one of what is no key authorization',
    { ...intent, value: others, keyAuthorization: 'others' },
    'something else',
  ],
  ['one at a name of others', { ...former, name: '_acme-challenge.mail.example.com' }, 'leads to'],
  ['one at a name itself', { ...former, name: 'example.com' }, 'leads to'],
  ['one in a zone of others', { ...former, zoneId: 'Z2' }, 'the solver writes to zone-example.com'],
])('%s is not ours', async (_name, changed, reason) => {
  expect(await why(changed)).toContain(reason);
});

test('without it a value is ours where a name of the certificate leads', async () => {
  expect(await why(former)).toBeNull();
  expect(await why({ ...former, name: '_acme-challenge.shop.example.com' })).toBeNull();
});

test('a CNAME is followed where the solver follows', async () => {
  const led = {
    ...former,
    name: 'here.challenges.example.net',
    zoneId: 'zone-challenges.example.net',
  };
  expect(await why(led, { cnameStrategy: 'follow' })).toBeNull();
  expect(await why(led)).toContain('leads to');
});

test('a value in a zone that is gone went with the zone', async () => {
  expect(await why(former, { solver: fakeSolver('example.org') })).toBeNull();
});

test('over HTTP a value is a key authorization at the listener of the solver', async () => {
  const solver: Solver = { ...zones, proveServed: async () => ({ kind: 'served' }) };
  const answer = { ...former, name: 'example.com', value: keyAuthorization };
  expect(await why(answer, { solver })).toBeNull();
  expect(await why({ ...answer, value: '../record.json' }, { solver })).toContain('no key');
  expect(await why({ ...answer, zoneId: 'other' }, { solver })).toContain('the solver writes to');
});

test.each<[string, TxtIntent, boolean]>([
  ['a digest of ours', intent, true],
  ['a key authorization of ours', { ...former, value: keyAuthorization }, true],
  ['a digest without what it is of', former, false],
  ['a digest of another account', ofThief(), false],
  [
    'a digest of another account beside a key authorization of ours',
    { ...ofThief(), keyAuthorization },
    false,
  ],
])('%s is to be published: %s', (_name, planned, isOurs) => {
  expect(isOfAccount(planned, thumbprint)).toBe(isOurs);
});

function ofThief(): TxtIntent {
  const theirs = `token.${'thief'.padEnd(43, '0')}`;
  return { ...intent, keyAuthorization: theirs, value: digestOf(theirs) };
}

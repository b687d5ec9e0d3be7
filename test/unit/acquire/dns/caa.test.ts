import { describe, expect, test } from 'vitest';
import { type CaaRequest, caaProblem, relevantCaa } from '#shared/dns/caa.ts';
import type { CaaRecord } from '#shared/dns/dns-client.ts';
import { fakeDns } from '#test/support/fake-dns.ts';

const account = 'https://ca.example/acct/1';
const request: CaaRequest = {
  isWildcard: false,
  identities: ['ca.example', 'other-name.example'],
  accountUrl: account,
  method: 'dns-01',
  readsParameters: true,
};
const wildcard = { ...request, isWildcard: true };

function caa(tag: string, value: string, flags = 0): CaaRecord {
  return { flags, tag, value };
}

test.each<[string, CaaRequest, readonly CaaRecord[]]>([
  ['the CA is named', request, [caa('issue', 'ca.example')]],
  ['the CA goes by another name too', request, [caa('issue', 'other-name.example')]],
  ['names have no case', request, [caa('issue', 'CA.Example')]],
  ['spaces are nothing', request, [caa('issue', ' ca.example ; ')]],
  ['one of several is enough', request, [caa('issue', 'b.example'), caa('issue', 'ca.example')]],
  ['no record speaks of issuing', request, [caa('iodef', 'mailto:a@b.example')]],
  ['issuewild alone says nothing of other names', request, [caa('issuewild', ';')]],
  [
    'issue counts for wildcards where no issuewild is there',
    wildcard,
    [caa('issue', 'ca.example')],
  ],
  [
    'issuewild takes the place of issue',
    wildcard,
    [caa('issue', ';'), caa('issuewild', 'ca.example')],
  ],
  ['our account', request, [caa('issue', `ca.example; accounturi=${account}`)]],
  ['our way among others', request, [caa('issue', 'ca.example;validationmethods=http-01,dns-01')]],
  ['parameters nobody knows', request, [caa('issue', 'ca.example; policy=ev')]],
  ['what is critical and known', request, [caa('issue', 'ca.example', 128)]],
  ['what is not known and not critical', request, [caa('tbs', 'x'), caa('issue', 'ca.example')]],
  [
    'an account while ours is not known',
    { ...request, accountUrl: null },
    [caa('issue', 'ca.example; accounturi=https://ca.example/acct/2')],
  ],
])('allowed: %s', (_, asked, records) => {
  expect(caaProblem(records, asked)).toBeNull();
});

test.each<[string, CaaRequest, readonly CaaRecord[], string]>([
  ['another CA', request, [caa('issue', 'b.example')], 'not allowed to issue'],
  ['nobody', request, [caa('issue', ';')], 'not allowed to issue'],
  ['nobody, written as nothing', request, [caa('issue', '')], 'not allowed to issue'],
  ['a CA below ours', request, [caa('issue', 'x.ca.example')], 'not allowed'],
  [
    'no wildcards',
    wildcard,
    [caa('issue', 'ca.example'), caa('issuewild', ';')],
    'not allowed to issue wildcards',
  ],
  [
    'another account',
    request,
    [caa('issue', 'ca.example; accounturi=https://ca.example/acct/2')],
    `not the account of certkeep, ${account}`,
  ],
  [
    'another way',
    request,
    [caa('issue', 'ca.example; validationmethods=http-01')],
    'validationmethods does not have dns-01',
  ],
])('forbidden: %s', (_, asked, records, why) => {
  expect(caaProblem(records, asked)).toEqual({
    text: expect.stringContaining(why),
    isCertain: true,
  });
});

const other = { ...request, readsParameters: false };
test.each<[string, CaaRequest, readonly CaaRecord[], string]>([
  ['parameters that cannot be read', request, [caa('issue', 'ca.example; %')], 'cannot be read'],
  ['the dot of the root', request, [caa('issue', 'ca.example.')], 'not allowed'],
  [
    'something critical that the CA may know',
    request,
    [caa('issue', 'ca.example'), caa('tbs', 'x', 128)],
    '"tbs" is critical',
  ],
  [
    'another account, at a CA that may not look at it',
    other,
    [caa('issue', 'ca.example; accounturi=https://ca.example/acct/2')],
    'not the account',
  ],
  [
    'another way, at a CA that may not look at it',
    other,
    [caa('issue', 'ca.example; validationmethods=http-01')],
    'does not have dns-01',
  ],
  [
    'one record of several that only some would refuse',
    other,
    [caa('issue', 'b.example'), caa('issue', 'ca.example; validationmethods=http-01')],
    'does not have dns-01',
  ],
])('perhaps forbidden: %s', (_, asked, records, why) => {
  expect(caaProblem(records, asked)).toEqual({
    text: expect.stringContaining(why),
    isCertain: false,
  });
});

describe('the records that count', () => {
  const ours = [caa('issue', 'ca.example')];
  const theirs = [caa('issue', 'b.example')];

  test('are the closest at or above the name, up to the top-level domain', async () => {
    const dns = fakeDns({ 'example.com': { CAA: ours }, com: { CAA: theirs } });
    expect(await relevantCaa('a.b.example.com', dns)).toEqual({
      kind: 'records',
      at: 'example.com',
      records: ours,
    });
    expect(await relevantCaa('other.com', dns)).toMatchObject({ at: 'com', records: theirs });
    expect(await relevantCaa('example.net', dns)).toEqual({ kind: 'none' });
  });

  test('are those of where an alias leads; without any one climbs from the alias itself', async () => {
    const dns = fakeDns({
      'www.example.com': { CNAME: 'lb.example.net' },
      'shop.example.com': { CNAME: 'bare.example.net' },
      'lb.example.net': { CAA: theirs },
      'bare.example.net': {},
      'example.net': { CAA: theirs },
      'example.com': { CAA: ours },
    });
    expect(await relevantCaa('www.example.com', dns)).toMatchObject({ records: theirs });
    expect(await relevantCaa('shop.example.com', dns)).toMatchObject({
      at: 'example.com',
      records: ours,
    });
  });

  test('are not known where one question on the way is not answered', async () => {
    const dns = fakeDns({ 'example.com': { CAA: theirs } });
    dns.silence('www.example.com');
    expect(await relevantCaa('www.example.com', dns)).toEqual({
      kind: 'unknown',
      why: 'www.example.com CAA: ETIMEOUT',
    });
  });
});

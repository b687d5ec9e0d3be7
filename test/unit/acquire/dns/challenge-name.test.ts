import { describe, expect, test } from 'vitest';
import { challengeName, cnameProblem, valueName } from '#shared/dns/challenge-name.ts';
import { fakeDns } from '#test/support/fake-dns.ts';

const name = '_acme-challenge.example.com';

test('the challenge of a wildcard is at the name below it', () => {
  expect(challengeName('*.example.com')).toBe(name);
  expect(challengeName('example.com')).toBe(name);
});

describe('with cnameStrategy', () => {
  const delegated = fakeDns({
    [name]: { CNAME: 'example-com.acme.example.net' },
    'example-com.acme.example.net': { CNAME: 'x1.challenges.example.org' },
  });

  test('none, the value goes to the name itself and nothing is asked', async () => {
    const dns = fakeDns({ [name]: { CNAME: 'elsewhere.example.net' } });
    expect(await valueName(name, 'none', dns)).toBe(name);
    expect(dns.asked).toEqual([]);
  });

  test('follow, the value goes to the end of the chain', async () => {
    expect(await valueName(name, 'follow', delegated)).toBe('x1.challenges.example.org');
  });

  test('follow, a name without CNAME is where the value goes', async () => {
    expect(await valueName(name, 'follow', fakeDns({}))).toBe(name);
  });

  test('follow, a circle and a chain without end are told', async () => {
    const circle = fakeDns({
      [name]: { CNAME: 'a.example.net' },
      'a.example.net': { CNAME: name },
    });
    await expect(valueName(name, 'follow', circle)).rejects.toMatchObject({
      name: 'ChallengeCnameUnusable',
      message: `the CNAMEs do not end: ${name} -> a.example.net -> ${name}`,
    });
    const links = Array.from({ length: 40 }, (_, n) => [
      `l${n}.example.net`,
      { CNAME: `l${n + 1}.example.net` },
    ]);
    const chain = fakeDns(Object.fromEntries(links));
    await expect(valueName('l0.example.net', 'follow', chain)).rejects.toMatchObject({
      name: 'ChallengeCnameUnusable',
    });
    expect(chain.asked.filter((each) => !each.includes('probe'))).toHaveLength(16);
  });

  test('follow, without an answer it is tried again later instead of guessed', async () => {
    const silent = fakeDns({ [name]: { CNAME: 'a.example.net' } });
    silent.silence(name);
    await expect(valueName(name, 'follow', silent)).rejects.toMatchObject({
      name: 'DnsServiceUnreachable',
      retryable: true,
    });
  });
});

describe('a CNAME that only a wildcard gives', () => {
  test('is not followed, whatever name above holds the wildcard', async () => {
    const wild = fakeDns({ '*.example.com': { CNAME: 'lb.example.net' } });
    expect(await valueName(name, 'follow', wild)).toBe(name);
    const deep = '_acme-challenge.a.b.example.com';
    expect(await valueName(deep, 'follow', wild)).toBe(deep);
    expect(await cnameProblem(name, wild)).toBeNull();
  });

  test('is told from one of its own, also where both lead to the same name', async () => {
    const both = fakeDns({
      '*.example.com': { CNAME: 'lb.example.net' },
      [name]: { CNAME: 'lb.example.net' },
    });
    expect(await valueName(name, 'follow', both)).toBe('lb.example.net');
    expect(await cnameProblem(name, both)).toContain('CNAME to lb.example.net');
  });

  test('is not followed further down the chain either', async () => {
    const wild = fakeDns({
      [name]: { CNAME: 'x.acme.example.net' },
      '*.acme.example.net': { CNAME: 'lb.example.net' },
    });
    expect(await valueName(name, 'follow', wild)).toBe('x.acme.example.net');
  });

  test('is not looked for where the name would become too long', async () => {
    const long = `_acme-challenge.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(40)}.example.com`;
    const dns = fakeDns({ [long]: { CNAME: 'a.example.net' } });
    expect(await valueName(long, 'follow', dns)).toBe('a.example.net');
    expect(dns.asked).toEqual([`CNAME ${long}`, 'CNAME a.example.net']);
  });
});

import { describe, expect, test } from 'vitest';
import { normalizeName, normalizeZone } from '#shared/config-file/names.ts';

const label63 = 'a'.repeat(63);

describe('a name is brought to one form', () => {
  test.each([
    ['www.example.com', 'www.example.com'],
    ['www.example.com.', 'www.example.com'],
    ['WWW.Example.COM', 'www.example.com'],
    ['münchen.de', 'xn--mnchen-3ya.de'],
    ['MÜNCHEN.de', 'xn--mnchen-3ya.de'],
    ['faß.de', 'xn--fa-hia.de'],
    ['XN--MNCHEN-3YA.de', 'xn--mnchen-3ya.de'],
    ['例え.テスト.jp', 'xn--r8jz45g.xn--zckzah.jp'],
    ['example。com', 'example.com'],
    ['ｅｘａｍｐｌｅ.com', 'example.com'],
    ['*.Example.com.', '*.example.com'],
    ['*.münchen.de', '*.xn--mnchen-3ya.de'],
    ['*.user.github.io', '*.user.github.io'],
    ['*.github.io', '*.github.io'],
    [`${label63}.com`, `${label63}.com`],
    ['123.example.com', '123.example.com'],
  ])('%s becomes %s', (written, name) => {
    expect(normalizeName(written)).toEqual({ ok: true, name });
  });
});

describe('a name that no CA would issue through DNS is refused with the reason', () => {
  test.each([
    ['', 'is empty'],
    ['.', 'empty label'],
    ['*', 'leftmost label'],
    ['*.', 'empty label'],
    ['a..example.com', 'empty label'],
    ['example.com..', 'empty label'],
    ['shop_1.example.com', 'underscore'],
    ['_acme-challenge.example.com', 'underscore'],
    ['ｓhop＿1.example.com', 'underscore'],
    [`${label63}a.com`, 'label of 64'],
    [`${'é'.repeat(60)}.com`, 'label of'],
    [`${`${'a'.repeat(49)}.`.repeat(5)}com`, 'characters long'],
    ['x'.repeat(100_000), 'characters long'],
    ['www.*.example.com', 'leftmost label'],
    ['www*.example.com', 'leftmost label'],
    ['*.*.example.com', 'leftmost label'],
    ['*.com', 'public suffix'],
    ['*.co.uk', 'public suffix'],
    ['co.uk', 'public suffix'],
    ['192.0.2.1', 'IP address'],
    ['2001:db8::1', 'IP address'],
    ['[2001:db8::1]', 'IP address'],
    ['0x7f.1', 'IP address'],
    ['１９２.0.2.1', 'IP address'],
    ['localhost', 'single label'],
    ['printer.local', 'internal'],
    ['db.corp.internal', 'internal'],
    ['router.home.arpa', 'internal'],
    ['hidden.onion', 'internal'],
    ['-a.example.com', 'hyphen'],
    ['a-.example.com', 'hyphen'],
    ['ab--c.example.com', 'reserved'],
    ['xn--a.example.com', 'Punycode'],
    ['xn--.example.com', 'Punycode'],
    ['xn--zzzzzz99999.example.com', 'Punycode'],
    ['exa\u00admple.com', 'invisible'],
    ['exa\u200bmple.com', 'invisible'],
    ['\u0301a.example.com', 'not allowed'],
    ['é%41.com', 'host names cannot have'],
    ['é#.com', 'host names cannot have'],
    ['a b.example.com', 'space'],
    [' example.com', 'space'],
    ['a\u0000.example.com', 'control'],
    ['https://example.com/', 'URL'],
    ['example.com:443', 'port'],
    ['me@example.com', 'e-mail'],
    ['\ud800.example.com', 'not allowed'],
  ])('%j: %s', (written, reason) => {
    const result = normalizeName(written);
    expect(result.ok ? result.name : result.message).toContain(reason);
    expect(result).toMatchObject({ ok: false, fix: expect.stringMatching(/\.$/) });
  });
});

test('a normal form is its own normal form', () => {
  for (const written of ['*.MÜNCHEN.de.', 'faß.de', 'ＷＷＷ.example.com']) {
    const once = normalizeName(written);
    expect(once.ok && normalizeName(once.name)).toEqual(once);
  }
});

test('the challenge name of the longest name still fits into the DNS', () => {
  const longest = `${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(33)}.com`;
  expect(longest).toHaveLength(237);
  expect(normalizeName(longest).ok).toBe(true);
  expect(normalizeName(`b${longest}`).ok).toBe(false);
});

test('a zone may be a single label and never a wildcard', () => {
  expect(normalizeZone('Example.COM.')).toEqual({ ok: true, name: 'example.com' });
  expect(normalizeZone('com')).toEqual({ ok: true, name: 'com' });
  expect(normalizeZone('*.example.com')).toMatchObject({ ok: false });
});

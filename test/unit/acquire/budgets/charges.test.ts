import { describe, expect, test } from 'vitest';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import {
  chargesOf,
  countsAt,
  issuanceChargesOf,
  type Standing,
  standingOf,
} from '#shared/rate-limits/charges.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';

const letsencrypt: IssuerConfig = {
  type: 'acme',
  directory: 'https://acme-v02.api.letsencrypt.org/directory',
  termsOfServiceAgreed: true,
  contact: [],
};
const elsewhere = { ...letsencrypt, directory: 'https://ca.example/directory' };
const origin = { directory: letsencrypt.directory, account: 'a', profile: null, staging: false };
const own = versionOf({ origin });
const window = {
  start: addMs(now, -hourMs).toISOString(),
  end: addMs(now, hourMs).toISOString(),
  selected: now.toISOString(),
  learnedAt: inDays(-1).toISOString(),
};
const renewalInfo = {
  versionId: 'v1',
  window,
  explanationUrl: null,
  nextCheckAt: now.toISOString(),
  failures: 0,
  failure: null,
};
const advised = healthy({ versions: [own], renewalInfo });
const ended = { ...renewalInfo, window: { ...window, end: now.toISOString() } };

describe('what an order is to Let’s Encrypt', () => {
  test.each<[string, Standing, Parameters<typeof standingOf>]>([
    [
      'a replacement within the window',
      'advised',
      [wanted(), letsencrypt, advised, { replaces: true, now }],
    ],
    [
      'one that says not what it replaces',
      'renewal',
      [wanted(), letsencrypt, advised, { replaces: false, now }],
    ],
    [
      'a replacement at the very end of the window',
      'renewal',
      [
        wanted(),
        letsencrypt,
        healthy({ versions: [own], renewalInfo: ended }),
        { replaces: true, now },
      ],
    ],
    [
      'other names than before',
      'new',
      [
        wanted({ names: ['example.com'] }),
        letsencrypt,
        healthy({ versions: [own] }),
        { replaces: false, now },
      ],
    ],
    [
      'the same names after 120 days',
      'new',
      [
        wanted(),
        letsencrypt,
        healthy({ versions: [{ ...own, issuedAt: inDays(-120).toISOString() }] }),
        { replaces: false, now },
      ],
    ],
    [
      'the same names of another CA',
      'new',
      [wanted(), letsencrypt, healthy(), { replaces: false, now }],
    ],
    [
      'anything at a CA that counts renewals',
      'new',
      [wanted(), elsewhere, advised, { replaces: true, now }],
    ],
  ])('%s is %s', (_, standing, given) => {
    expect(standingOf(...given)).toBe(standing);
  });
});

describe('what a certificate takes when it is issued', () => {
  const taken = (record: CertificateRecord, certificate = wanted()) =>
    issuanceChargesOf(certificate, { name: 'le', config: letsencrypt }, record, now)
      .filter((charge) => countsAt(charge) === 'issuance')
      .map(({ kind }) => kind);

  test('an advised renewal of the same names counts for its exact set', () => {
    expect(taken(advised)).toEqual(['certificatesPerNames']);
  });

  test('one with a name more counts for its domains, too', () => {
    const more = wanted({ names: [...wanted().names, 'www.example.com'] });
    expect(taken(advised, more)).toEqual(['certificatesPerDomain', 'certificatesPerNames']);
  });
});

describe('what an order depends on', () => {
  const kinds = (standing: Standing, config = letsencrypt) =>
    chargesOf(
      {
        names: ['a.example.com', '*.a.example.com', 'b.example.net'],
        domains: ['example.com', 'example.net'],
      },
      { name: 'le', config },
      standing,
    ).map(({ kind, of }) => `${kind}: ${of}`);

  test('a new one at Let’s Encrypt: all of its limits, each name and domain once', () => {
    expect(kinds('new')).toEqual([
      'orders: orders',
      'certificatesPerDomain: certificates for names below example.com',
      'certificatesPerDomain: certificates for names below example.net',
      'certificatesPerNames: certificates for exactly these names',
      'failuresPerName: failed validations of a.example.com',
      'failuresPerName: failed validations of b.example.net',
      'failuresInARow: failed validations of a.example.com',
      'failuresInARow: failed validations of b.example.net',
    ]);
  });

  test('a renewal: the same names and failures', () => {
    expect([...new Set(kinds('renewal').map((text) => text.split(':')[0]))]).toEqual([
      'certificatesPerNames',
      'failuresPerName',
      'failuresInARow',
    ]);
  });

  test('one that the CA advised, and one of a CA whose limits nobody knows: nothing', () => {
    expect(kinds('advised')).toEqual([]);
    expect(kinds('new', elsewhere)).toEqual([]);
  });

  test('the configured limits override the known ones', () => {
    const limits = { orders: { count: 1_000, perMs: hourMs } };
    const [orders] = chargesOf(
      { names: [], domains: [] },
      { name: 'le', config: { ...letsencrypt, limits } },
      'new',
    );
    expect(orders?.limit).toEqual(limits.orders);
    expect(kinds('new', { ...elsewhere, limits })).toEqual(['orders: orders']);
  });

  test('the same set of names in another order is the same set', () => {
    const keyOf = (names: readonly string[]) =>
      chargesOf({ names, domains: [] }, { name: 'le', config: letsencrypt }, 'renewal')[0]?.key;
    expect(keyOf(['b.example.com', 'a.example.com'])).toBe(
      keyOf(['a.example.com', 'b.example.com']),
    );
    expect(keyOf(['b.example.com'])).not.toBe(keyOf(['a.example.com', 'b.example.com']));
  });

  test('accounts have their own orders and failures, and share the rest', () => {
    const keysOf = (secret: string) =>
      chargesOf(
        { names: ['a.example.com'], domains: ['example.com'] },
        { name: 'le', config: { ...letsencrypt, externalAccountBinding: { secret } } },
        'new',
      ).map(({ key }) => key);
    const shared = keysOf('one').filter((key) => keysOf('other').includes(key));
    expect(shared.map((key) => key.split(':')[0])).toEqual([
      'certificatesPerDomain',
      'certificatesPerNames',
    ]);
  });

  test('a day later the window is over', () => {
    const later = { replaces: true, now: addMs(now, dayMs) };
    expect(standingOf(wanted(), letsencrypt, advised, later)).toBe('renewal');
  });
});

import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';

const everything = 'ops@certkeep.dev';
const ofShop = '{address: shop@certkeep.dev, owners: [team-shop]}';
const urgent = '{address: pager@certkeep.dev, severities: [critical]}';
const shop = 'team-shop';

/** The warnings of a file with these addresses, and certificates c0, c1 … of these owners. */
function warned(addresses: readonly string[], owners: readonly string[]) {
  const alerts = `alerts: {email: [${addresses.join(', ')}]}`;
  const certificates = Object.fromEntries(
    owners.map((owner, at) => [
      `c${at}`,
      { names: `[c${at}.example.com]`, more: owner && `owner: ${owner}` },
    ]),
  );
  const text = configYaml({ alerts, certificates: certificatesYaml(certificates) });
  return parsed(text).warnings.map(({ fix, message, path, value }) => [path, value, message, fix]);
}

test.each([
  ['one address for everything', [everything], [shop, '']],
  ['an address for everything beside others', [everything, ofShop, urgent], [shop, '']],
  [
    'one for what is critical, one for all else',
    [urgent, '{address: ops@certkeep.dev, severities: [warning]}'],
    [shop, ''],
  ],
])('with %s nothing is unheard', (_, addresses, owners) => {
  expect(warned(addresses, owners)).toEqual([]);
});

test('an owner whom no address names is said once, with what concerns it', () => {
  const heard = [ofShop, '{address: ops@certkeep.dev, owners: [other]}'];
  expect(warned(heard, [shop, 'team-pay', 'team-pay', 'other'])).toEqual([
    [
      'alerts.email',
      '(a list of 2)',
      'has no address that hears of trouble of certkeep itself',
      'Add an address without "owners:".',
    ],
    [
      'certificates.c1.owner',
      'team-pay',
      'is an owner, and no address hears of trouble of c1 and 1 more',
      'Add an address with "owners: [team-pay]", or one without "owners:".',
    ],
  ]);
});

test('certificates without an owner go to the same addresses as the installation', () => {
  expect(warned([ofShop], [shop, '', ''])).toEqual([
    [
      'alerts.email',
      '(a list of 1)',
      'has no address that hears of trouble of certkeep itself, and of certificates without an owner: c1 and 1 more',
      'Add an address without "owners:".',
    ],
  ]);
});

test('a severity that no address takes is said', () => {
  expect(warned([urgent, ofShop], [shop, 'team-pay'])).toEqual([
    [
      'alerts.email',
      '(a list of 2)',
      'has no address that hears of warning trouble of certkeep itself',
      'Add an address without "owners:" that takes "warning".',
    ],
    [
      'certificates.c1.owner',
      'team-pay',
      'is an owner, and no address hears of warning trouble of c1',
      'Add an address with "owners: [team-pay]" that takes "warning", or one without "owners:".',
    ],
  ]);
});

test('an owner that no certificate has may be a mistyped one', () => {
  const strange = '{address: shop@certkeep.dev, owners: [team-shp, sales]}';
  expect(warned([everything, strange], [shop])).toEqual([
    [
      'alerts.email[1].owners[0]',
      'team-shp',
      'is the owner of no certificate',
      'Did you mean "team-shop"?',
    ],
    [
      'alerts.email[1].owners[1]',
      'sales',
      'is the owner of no certificate',
      'Write "owner: sales" at its certificates, or remove it here.',
    ],
  ]);
});

test('an address that never hears anything is said', () => {
  const deaf = '{address: shop@certkeep.dev, owners: [team-shop], severities: [info]}';
  expect(warned([everything, deaf], [shop])).toEqual([
    [
      'alerts.email[1].severities',
      '(a list of 1)',
      'hears of nothing: only trouble has owners',
      'Add "warning" or "critical", or leave "owners:" out.',
    ],
  ]);
});

import { expect, test } from 'vitest';
import { ownPage } from '#shared/issuers/own-page.ts';
import { parsed } from '#test/support/config-yaml.ts';
import { configText } from '#test/support/fleet.ts';

const ca = { directory: 'https://acme-v02.api.ca.co.uk/directory', webDomain: 'ca.co.uk' };

test.each([
  'https://portal.ca.co.uk/unpause?jwt=x',
  'https://ca.co.uk/',
  'https://acme-v02.api.ca.co.uk/terms',
])('%s is a page of the CA', (link) => {
  expect(ownPage(link, ca)).toBe(link);
});

test.each([
  'https://evil.example/ca.co.uk',
  'https://notca.co.uk/',
  'https://co.uk/',
  'https://ca.co.uk.evil.example/',
  'https://ca.co.uk@evil.example/',
  'no link',
  null,
])('%s is none', (link) => {
  expect(ownPage(link, ca)).toBeNull();
});

test('where the domain is not known, the host of the directory is', () => {
  const { directory } = ca;
  expect(ownPage('https://portal.ca.co.uk/', { directory })).toBeNull();
  expect(ownPage('https://acme-v02.api.ca.co.uk/', { directory })).not.toBeNull();
  expect(ownPage('https://x.undefined/', { directory })).toBeNull();
});

test('the domain of a CA comes with the configuration', () => {
  const { config } = parsed(configText('  shop: {names: [example.com], issuer: local}\n'));
  expect(config.issuers.local?.webDomain).toMatch(/./);
});

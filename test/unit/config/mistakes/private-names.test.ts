import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';
import { letsencrypt, problemOf, warningOf } from '#test/support/mistakes.ts';

const names = '[app.corp.internal, app, my_host.corp.internal, "*.lab.internal", printer.local]';
const at = (issuer: string, written = names) => ({
  issuers: `issuers: {letsencrypt: {${issuer}}}`,
  certificates: certificatesYaml({ shop: { names: written } }),
});
const acme = (directory: string) =>
  `type: acme, directory: "${directory}", termsOfServiceAgreed: true`;

test.each([
  ['Vault', acme('https://vault.example.net/v1/pki_int/acme/directory')],
  ['step-ca', acme('https://ca.example.net/acme/acme/directory')],
  ['a host with an internal name', acme('https://pki.corp.internal/directory')],
])('names of a private CA are read: %s', (_, issuer) => {
  const { config, warnings } = parsed(configYaml(at(issuer)));
  expect(config.certificates[0]?.names).toEqual([
    ...['app.corp.internal', 'app', 'my_host.corp.internal', '*.lab.internal', 'printer.local'],
  ]);
  expect(config.certificates[0]?.domains).toContain('corp.internal');
  expect(warnings).toEqual([]);
});

test('a CA that nobody knows is believed, with a warning: a typo looks the same', () => {
  const warning = warningOf(at(acme('https://ca.example.net/directory'), '[shop.example.con]'));
  expect(warning.path).toBe('certificates.shop.names[0]');
  expect(warning.message).toContain(
    'is an internal name: ".con" holds no public domains. certkeep accepts it, because it does not know letsencrypt as a public CA',
  );
});

test.each([
  ['app.corp.internal', 'is an internal name'],
  ['app', 'is a single label'],
  ['my_host.example.com', 'contains an underscore'],
  ['"*.co.uk"', 'is a wildcard for the whole public suffix'],
])('a public CA is not asked for %s, and the message says that it is one', (name, message) => {
  const problem = problemOf(at(letsencrypt, `[${name}]`));
  expect(problem.message).toContain(message);
  expect(problem.fix).toContain('A private CA would accept it, but letsencrypt is a public one.');
});

test('one public CA among several issuers is enough', () => {
  const issuers = `issuers: {letsencrypt: {${letsencrypt}}, vault: {${acme('https://v.corp/v1/pki/acme/directory')}}}`;
  const certificates = certificatesYaml({
    shop: { names: '[app.corp]', issuer: '[vault, letsencrypt]' },
  });
  expect(problemOf({ issuers, certificates }).message).toContain('is an internal name');
});

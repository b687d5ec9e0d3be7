import { expect, test } from 'vitest';
import { accountKeyName, formerAccountKeyName } from '#shared/issuers/account-name.ts';
import { knownDirectory, namedDirectories } from '#shared/issuers/acme/directories.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { isStaging } from '#shared/issuers/staging.ts';
import { limitsOf } from '#shared/rate-limits/limits.ts';
import { hourMs } from '#shared/time/clock.ts';
import { certificatesYaml, configYaml, parsed, problemsOf } from '#test/support/config-yaml.ts';

type Written = { directory: string; more?: string; names?: string; key?: string };

function fileWith({ directory, more = '', names = '[shop.example.com]', key = '' }: Written) {
  const issuers = `issuers: {ca: {type: acme, directory: "${directory}", termsOfServiceAgreed: true${more}}}`;
  return configYaml({
    issuers,
    certificates: certificatesYaml({ shop: { issuer: 'ca', names, key } }),
  });
}

const bound = ', externalAccountBinding: {secret: certkeep/eab}';
const contact = ', contact: ["mailto:ops@certkeep.dev"]';
const acm = 'https://acm-acme-enroll.us-east-1.api.aws/0b1c/directory';
const many = (count: number) =>
  `[${Array.from({ length: count }, (_, index) => `n${index}.example.com`).join(', ')}]`;

test.each(Object.entries(namedDirectories))('%s stands for its directory', (name, { url }) => {
  expect(
    parsed(
      fileWith({
        directory: name,
        more: bound + contact,
        key: name === 'sslcom-rsa' ? 'rsa-2048' : '',
      }),
    ).config.issuers.ca?.directory,
  ).toBe(url);
  expect(knownDirectory(url)).toBe(namedDirectories[name as keyof typeof namedDirectories]);
});

test.each([
  'https://acme-staging-v02.api.letsencrypt.org:443/directory',
  'https://ACME-Staging-v02.API.letsencrypt.org/directory',
  'HTTPS://acme-staging-v02.api.letsencrypt.org/./directory',
])('%s is the staging environment, with its limits and its account', (directory) => {
  const { url } = namedDirectories['letsencrypt-staging'];
  const issuer = parsed(fileWith({ directory })).config.issuers.ca as IssuerConfig;
  expect(issuer.directory).toBe(url);
  expect(isStaging(issuer)).toBe(true);
  expect(isStaging({ ...issuer, directory })).toBe(true);
  expect(limitsOf(issuer).orders).toEqual({ count: 1_500, perMs: 3 * hourMs });
  expect(accountKeyName({ directory })).toBe(accountKeyName({ directory: url }));
  // Which the account has been kept under since before.
  expect(formerAccountKeyName('ca', issuer)).toBe('ca-67f275065231');
});

test.each([
  [acm, 'AWS Certificate Manager'],
  ['https://vault.example.com:8200/v1/pki/acme/directory', 'Vault PKI'],
  ['https://vault.example.com/v1/pki/issuer/a/roles/b/acme/directory', 'Vault PKI'],
  ['https://ca.internal/acme/acme/directory', 'step-ca'],
  ['https://ca.example.com/directory', undefined],
])('%s is known by its form', (url, title) => {
  expect(knownDirectory(url)?.title).toBe(title);
});

test.each<[string, Written, string, string]>([
  [
    'a CA that wants a binding',
    { directory: 'zerossl' },
    'issuers.ca',
    'no externalAccountBinding',
  ],
  [
    'an ACM endpoint without a binding',
    { directory: acm },
    'issuers.ca',
    'AWS Certificate Manager',
  ],
  [
    'a CA that wants an address',
    { directory: 'sslcom-ecc', more: bound },
    'issuers.ca',
    'no contact',
  ],
  [
    'a CA of other keys',
    { directory: 'sslcom-rsa', more: bound + contact },
    'certificates.shop.key',
    'not a key that SSL.com',
  ],
  [
    'more names than a CA takes',
    { directory: 'letsencrypt', names: many(101) },
    'certificates.shop.names',
    'are 101',
  ],
  [
    'more names than a profile takes',
    { directory: 'letsencrypt', more: ', profile: shortlived', names: many(26) },
    'certificates.shop.names',
    'with the profile shortlived allows 25',
  ],
  [
    'a CA that nobody knows',
    { directory: 'letsencript' },
    'issuers.ca.directory',
    'neither a CA known by name',
  ],
  [
    'a directory with a password in it',
    { directory: 'https://ops:secret@ca.example.com/directory' },
    'issuers.ca.directory',
    'holds a user or password',
  ],
  [
    'a file where its roots are meant',
    { directory: 'https://ca.example.com/directory', more: ', caBundle: ./ca.pem' },
    'issuers.ca.caBundle',
    'holds no certificate',
  ],
  [
    'roots that are cut',
    {
      directory: 'https://ca.example.com/directory',
      more: ', caBundle: "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----"',
    },
    'issuers.ca.caBundle',
    'holds a certificate that cannot be read',
  ],
  [
    'a binding written where it would be read',
    { directory: 'zerossl', more: ', externalAccountBinding: {kid: a, hmacKey: b}' },
    'issuers.ca.externalAccountBinding.secret',
    'is missing',
  ],
])('%s is refused', (_, written, path, message) => {
  expect(problemsOf(fileWith(written))).toContainEqual(
    expect.objectContaining({ path, message: expect.stringContaining(message) }),
  );
});

test('a password in a directory is not printed', () => {
  const directory = 'https://ops:secret@ca.example.com/directory';
  const problems = problemsOf(fileWith({ directory }));
  expect(JSON.stringify(problems)).not.toContain('secret');
  expect(problems).toMatchObject([{ value: 'https://…@ca.example.com' }]);
});

test.each<[string, Written]>([
  ['as many names as a CA takes', { directory: 'letsencrypt', names: many(100) }],
  [
    'as many names as a profile takes',
    { directory: 'letsencrypt', more: ', profile: tlsserver', names: many(25) },
  ],
  [
    'any number at a CA known by its URL alone',
    { directory: 'https://ca.example.com/directory', names: many(300) },
  ],
])('%s are fine', (_, written) => {
  expect(problemsOf(fileWith(written))).toEqual([]);
});

test.each([
  ['[example.com, www.example.com]', 0],
  ['[example.com, "*.example.com"]', 1],
  ['[a.example.com, b.example.com]', 1],
])('a certificate that a CA may bill is a warning: %s', (names, count) => {
  const { warnings } = parsed(fileWith({ directory: 'actalis', more: bound, names }));
  expect(warnings).toHaveLength(count);
});

test.each([
  ['letsencrypt', ['letsencrypt']],
  ['[letsencrypt]', ['letsencrypt']],
  ['[other, letsencrypt, other]', ['other', 'letsencrypt']],
])('the issuers of a certificate may be one or a list: %s', (issuer, expected) => {
  const issuers =
    'issuers: {letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}, other: {type: acme, directory: "https://ca.example.com/d", termsOfServiceAgreed: true}}';
  const { config } = parsed(
    configYaml({ issuers, certificates: certificatesYaml({ shop: { issuer } }) }),
  );
  expect(config.certificates[0]?.issuers).toEqual(expected);
});

test.each([
  ['[]', 'certificates.shop.issuer', 'has no entries'],
  ['5', 'certificates.shop.issuer', 'neither the name of an issuer nor a list'],
  ['[letsencrypt, letsencript]', 'certificates.shop.issuer[1]', 'is not one of the issuers'],
])('%s is not a list of issuers', (issuer, path, message) => {
  expect(
    problemsOf(configYaml({ certificates: certificatesYaml({ shop: { issuer } }) })),
  ).toMatchObject([{ path, message: expect.stringContaining(message) }]);
});

test.each([
  ['two that clients trust', 'letsencrypt', 'zerossl', 0],
  ['two that they do not', 'letsencrypt-staging', 'google-staging', 0],
  ['one of each', 'letsencrypt', 'letsencrypt-staging', 1],
  ['one of each, the other way', 'letsencrypt-staging', 'letsencrypt', 1],
])('the issuers of a certificate are of one kind: %s', (_, first, second, count) => {
  const issuer = (directory: string) =>
    `{type: acme, directory: ${directory}, termsOfServiceAgreed: true${bound}}`;
  const issuers = `issuers: {a: ${issuer(first)}, b: ${issuer(second)}}`;
  const certificates = certificatesYaml({ shop: { issuer: '[a, b]' } });
  const problems = problemsOf(configYaml({ issuers, certificates }));
  expect(problems.map(({ path }) => path)).toEqual(
    Array(count).fill('certificates.shop.issuer[1]'),
  );
});

test('names that an ACM endpoint has approved beforehand need no solver; of others they do', () => {
  const solvers = 'solvers: [{type: route53, selector: {dnsZones: [example.net]}}]';
  const issuers = `issuers: {acm: {type: acme, directory: "${acm}", termsOfServiceAgreed: true${bound}}, le: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}}`;
  const problems = (issuer: string) =>
    problemsOf(
      configYaml({ solvers, issuers, certificates: certificatesYaml({ shop: { issuer } }) }),
    );
  expect(problems('acm')).toEqual([]);
  expect(problems('[acm, le]')).toMatchObject([{ message: expect.stringContaining('no solver') }]);
});

test.each([
  [letsencryptYaml('{}'), []],
  [letsencryptYaml('{directory: "https://staging.example/directory"}'), []],
  [
    letsencryptYaml('{directory: letsencrypt}'),
    ['issuers.ca.rehearsal is the directory of the issuer itself'],
  ],
  [
    letsencryptYaml('{directory: zerossl}'),
    ['issuers.ca.rehearsal is a directory of ZeroSSL, where orders count'],
  ],
  [
    { directory: 'https://ca.certkeep.dev/directory', more: ', rehearsal: {}' },
    [
      'issuers.ca.rehearsal names no directory, and certkeep knows no staging directory of https://ca.certkeep.dev/directory',
    ],
  ],
])('renewals are rehearsed elsewhere: %j', (written, expected) => {
  const found = problemsOf(fileWith(written)).map(({ path, message }) => `${path} ${message}`);
  expect(found).toEqual(expected);
});

function letsencryptYaml(rehearsal: string): Written {
  return { directory: 'letsencrypt', more: `, rehearsal: ${rehearsal}` };
}

import { expect, test } from 'vitest';
import { provenNames } from '#cli/prepare/doctor/names.ts';
import { accountsIn, accountUrlIn, witnessesOf } from '#cli/see/account/accounts.ts';
import { caaRecords } from '#cli/see/account/caa-records.ts';
import { accountPage } from '#cli/see/account/page.ts';
import { plainPaint } from '#cli/text/paint.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { versionOf } from '#test/support/healthy.ts';
import { configOf } from '#test/support/synth.ts';

const directory = 'https://acme-v02.api.letsencrypt.org/directory';
const url = 'https://acme-v02.api.letsencrypt.org/acme/acct/1234';

const config = configOf(
  configYaml({
    issuers: `issuers:
  letsencrypt: {type: acme, directory: letsencrypt, contact: ["mailto:ops@certkeep.dev"], termsOfServiceAgreed: true}
  short: {type: acme, directory: letsencrypt, profile: shortlived, termsOfServiceAgreed: true}
  google: {type: acme, directory: google, externalAccountBinding: {secret: ca/google}, termsOfServiceAgreed: true}
  idle: {type: acme, directory: letsencrypt-staging, termsOfServiceAgreed: true}`,
    certificates: certificatesYaml({
      shop: { names: '[example.com, "*.example.com"]', issuer: '[letsencrypt, google]' },
      blog: { names: '[blog.example.com]', issuer: 'short' },
      wild: { names: '["*.example.org"]' },
      other: { names: '[www.example.net]', issuer: 'google' },
    }),
  }),
);
const [letsencrypt, google, idle] = accountsIn(config);

test('issuers of one directory and binding share an account, and each account says who uses it', () => {
  expect(letsencrypt).toEqual({
    id: accountKeyName({ directory }),
    issuers: ['letsencrypt', 'short'],
    ca: "Let's Encrypt",
    directory,
    contacts: ['mailto:ops@certkeep.dev'],
    externalAccount: null,
    secret: `certkeep-accounts/${accountKeyName({ directory })}`,
    certificates: ['shop', 'blog', 'wild'],
  });
  expect(google).toMatchObject({ externalAccount: 'ca/google', certificates: ['shop', 'other'] });
  expect(idle).toMatchObject({ issuers: ['idle'], certificates: [] });
});

test('the records of what an account has issued last are read first', () => {
  const line = {
    name: '',
    names: 1,
    state: 'well' as const,
    servedUntil: null,
    renewsAt: null,
    targets: 0,
  };
  const certificates = [
    { ...line, id: 'shop', issuer: 'google', endsAt: '2027-03-01T00:00:00Z' },
    { ...line, id: 'blog', issuer: 'short', endsAt: '2027-01-01T00:00:00Z' },
    { ...line, id: 'wild', issuer: 'letsencrypt', endsAt: '2027-02-01T00:00:00Z' },
  ] as const;
  expect(letsencrypt && witnessesOf(letsencrypt, { certificates: [...certificates] })).toEqual([
    'wild',
    'blog',
    'shop',
  ]);
});

function version(issuer: string, account: string, issuedAt: string, at = directory) {
  const origin = { directory: at, account, profile: null, staging: false };
  return versionOf({ issuer, issuedAt, origin });
}

test('the URL of an account is the one of its latest certificate, also under a former name of the issuer', () => {
  const ours = { directory, issuers: ['letsencrypt', 'short'] };
  const urlIn = (...versions: ReturnType<typeof version>[]) =>
    accountUrlIn(ours, [{ versions }], config);
  expect(urlIn()).toBeNull();
  expect(
    urlIn(
      version('short', `${url}0`, '2026-01-01T00:00:00Z'),
      version('short', url, '2026-02-01T00:00:00Z'),
    ),
  ).toBe(url);
  expect(urlIn(version('renamed-since', url, '2026-01-01T00:00:00Z'))).toBe(url);
  // Another account of the same CA, by another binding.
  expect(urlIn(version('google', url, '2026-01-01T00:00:00Z'))).toBeNull();
  expect(urlIn(version('short', url, '2026-01-01T00:00:00Z', 'https://ca.example/dir'))).toBeNull();
});

function recordsWith(accountUrl: string | null, identity = 'letsencrypt.org') {
  return caaRecords(provenNames(config), (issuer) =>
    issuer === 'google'
      ? { directory: config.issuers.google?.directory ?? '', identity: 'pki.goog', accountUrl: url }
      : { directory, identity, accountUrl },
  );
}

test('each domain names every CA that issues for it, for wildcards only those that have them', () => {
  const bound = `accounturi=${url}; validationmethods=dns-01`;
  expect(recordsWith(url)).toEqual([
    {
      domain: 'example.com',
      records: [
        `0 issue "letsencrypt.org; ${bound}"`,
        // Nobody knows that this CA reads parameters.
        '0 issue "pki.goog"',
        `0 issuewild "letsencrypt.org; ${bound}"`,
        '0 issuewild "pki.goog"',
      ],
    },
    { domain: 'example.net', records: ['0 issue "pki.goog"'] },
    // With issuewild alone, everybody could issue for the other names.
    {
      domain: 'example.org',
      records: [`0 issue "letsencrypt.org; ${bound}"`, `0 issuewild "letsencrypt.org; ${bound}"`],
    },
  ]);
});

test('what a CA says of itself cannot end a record', () => {
  const first = (...given: Parameters<typeof recordsWith>) => recordsWith(...given)[0]?.records[0];
  expect(first(null)).toBe('0 issue "letsencrypt.org; validationmethods=dns-01"');
  for (const hostile of [`${url}"`, `${url}; x=y`, `${url}\\`, `${url} `, `${url}\n`]) {
    expect(first(hostile)).toBe('0 issue "letsencrypt.org; validationmethods=dns-01"');
  }
  expect(first(url, 'ca.example" ')).toBe('0 issue "pki.goog"');
});

test('names that are proven over HTTP allow that method, and wildcards do not', () => {
  const overHttp = configOf(
    configYaml({
      issuers:
        'issuers: {letsencrypt: {type: acme, directory: letsencrypt, termsOfServiceAgreed: true}}',
      solvers: `solvers:
  - {type: route53}
  - {type: alb-http01, listener: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/0000000000000000", selector: {dnsNames: [example.com]}}`,
      certificates: certificatesYaml({ shop: { names: '[example.com, "*.example.com"]' } }),
    }),
  );
  const [domain] = caaRecords(provenNames(overHttp), () => ({
    directory,
    identity: 'letsencrypt.org',
    accountUrl: null,
  }));
  expect(domain?.records).toEqual([
    '0 issue "letsencrypt.org; validationmethods=http-01"',
    '0 issuewild "letsencrypt.org; validationmethods=dns-01"',
  ]);
});

test('the page fits 80 columns, but for records, which stand whole on their line', () => {
  const accounts = accountsIn(config).map((account) => ({
    ...account,
    url: account.ca === "Let's Encrypt" ? url : null,
    caaIdentity: account.ca === "Let's Encrypt" ? 'letsencrypt.org' : 'pki.goog\u001b[2J',
  }));
  const page = accountPage({ accounts, caa: recordsWith(url) }, { paint: plainPaint, width: 80 });
  expect(page.filter((line) => line.length > 80 && !/^ {4}0 issue/.test(line))).toEqual([]);
  expect(page.slice(0, 9)).toEqual([
    'letsencrypt, short',
    "  CA         Let's Encrypt",
    `  directory  ${directory}`,
    `  account    ${url}`,
    '  contact    mailto:ops@certkeep.dev',
    '  external   no',
    '  its key    in the secret',
    `             ${letsencrypt?.secret}`,
    '  used by    3 certificates: shop, blog and wild',
  ]);
  expect(page).toContain(
    `    0 issue "letsencrypt.org; accounturi=${url}; validationmethods=dns-01"`,
  );
  const text = page.join(' ').replace(/\s+/g, ' ');
  expect(text).toContain('certkeep does not know that the CA of google reads accounturi');
  // No record is for the account that nothing uses.
  expect(text).not.toContain('accounturi of idle');
  expect(text).not.toContain('\u001b');
});

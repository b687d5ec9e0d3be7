import { expect, test } from 'vitest';
import {
  certificatesYaml,
  configYaml,
  healthyParts,
  parsed,
  problemsOf,
} from '#test/support/config-yaml.ts';

test('a missing key gets its default', () => {
  const certificates = 'certificates: {shop: {names: [shop.example.com], issuer: letsencrypt}}';
  expect(parsed(configYaml({ replicas: '', alerts: '', certificates })).config).toMatchObject({
    replicas: [],
    alerts: { expiringDays: [21, 14, 7, 3, 1], email: [] },
    solvers: [{ type: 'route53' }],
    certificates: [
      { id: 'shop', key: 'ecdsa-p256', adopt: 'new-arn', targets: [], names: ['shop.example.com'] },
    ],
  });
});

test('names are stored in their normal form, repeats once, in the order written', () => {
  const names = '[Z.example.com, münchen.de, a.example.com., A.EXAMPLE.com]';
  const { config, warnings } = parsed(
    configYaml({ certificates: certificatesYaml({ shop: { names } }) }),
  );
  expect(config.certificates[0]?.names).toEqual([
    'z.example.com',
    'xn--mnchen-3ya.de',
    'a.example.com',
  ]);
  expect(warnings).toMatchObject([{ path: 'certificates.shop.names[3]', value: 'A.EXAMPLE.com' }]);
});

test('the names of selectors are brought to the same form', () => {
  const solvers =
    'solvers: [{type: route53, selector: {dnsNames: ["*.MÜNCHEN.de"], dnsZones: [Example.com.]}}]';
  const [problem] = problemsOf(configYaml({ solvers }));
  expect(problem?.message).toContain('has no solver');
  const names = '["*.münchen.de"]';
  const zoneless = solvers.replace(', dnsZones: [Example.com.]', '');
  parsed(configYaml({ solvers: zoneless, certificates: certificatesYaml({ shop: { names } }) }));
});

test('thresholds are sorted and counted once', () => {
  const { config } = parsed(configYaml({ alerts: 'alerts: {expiringDays: [3, 12h, 30, 72h]}' }));
  expect(config.alerts.expiringDays).toEqual([30, 3, 0.5]);
});

test.each([
  ['123456789012', '"123456789012"'],
  ['012345678901', '"012345678901"'],
  ['0o12345670', '"0o12345670"'],
])('the account number %s without quotes gets them', (written, quoted) => {
  const home = `home: {account: ${written}, region: us-east-1}`;
  expect(problemsOf(configYaml({ home }))).toMatchObject([
    {
      path: 'home.account',
      line: 1,
      value: written,
      message: 'is a number in YAML where text is meant',
      fix: `Put it in quotes: ${quoted}.`,
    },
  ]);
});

test.each(['ops', 'ops@example', '@example.com', 'a b@example.com'])(
  '"%s" is no address, and the message says what is one',
  (address) => {
    const alerts = `alerts: {email: [ops@example.com, ${JSON.stringify(address)}]}`;
    expect(problemsOf(configYaml({ alerts }))).toMatchObject([
      {
        path: 'alerts.email[1]',
        line: 3,
        value: address,
        message: 'is not an e-mail address',
        fix: 'Write an address such as ops@example.com, without a name.',
      },
    ]);
  },
);

test('one address is a list, too', () => {
  const alerts = 'alerts: {email: ops@example.com}';
  expect(problemsOf(configYaml({ alerts }))).toMatchObject([{ path: 'alerts.email' }]);
});

test('an issuer is held to its own schema', () => {
  const issuers =
    'issuers: {letsencrypt: {type: acme, directory: "http://ca", termsOfServiceAgreed: false, contact: [me]}}';
  expect(problemsOf(configYaml({ issuers })).map(({ path }) => path)).toEqual([
    'issuers.letsencrypt.directory',
    'issuers.letsencrypt.termsOfServiceAgreed',
    'issuers.letsencrypt.contact[0]',
  ]);
});

test('the content of an unknown key is not repeated, since it may be secret', () => {
  const text = configYaml({ alerts: 'secretAccessKey: hunter2-hunter2' });
  expect(JSON.stringify(problemsOf(text))).not.toContain('hunter2');
});

test('ids that cannot be part of object keys are refused, and looked into', () => {
  const ids = { Shop: {}, '-a': {}, 'a/b': {}, '"../x"': {}, [`${'a'.repeat(64)}`]: {}, é: {} };
  const problems = problemsOf(configYaml({ certificates: certificatesYaml(ids) }));
  expect(problems).toHaveLength(6);
  expect(new Set(problems.map(({ message }) => message))).toEqual(
    new Set(['is not usable as a name here']),
  );
  const broken = certificatesYaml({ Shop: { issuer: 'nobody' } });
  expect(problemsOf(configYaml({ certificates: broken }))).toHaveLength(2);
});

test('an issuer that no certificate uses is fine', () => {
  const second =
    ', other: {type: acme, directory: https://b.example.com/d, termsOfServiceAgreed: true}}';
  const issuers = healthyParts.issuers.replace(/\}$/, second);
  expect(Object.keys(parsed(configYaml({ issuers })).config.issuers)).toEqual([
    'letsencrypt',
    'other',
  ]);
});

import { expect, test } from 'vitest';
import { renderProblems } from '#shared/config-file/messages/render.ts';
import { configYaml, problemsOf } from '#test/support/config-yaml.ts';
import { issuerYaml, letsencrypt, problemOf, type Row, shopWith } from '#test/support/mistakes.ts';

const unknown = 'is not a key known here';

const rows: readonly Row[] = [
  [
    'names of certbot',
    shopWith('domains: [a.example.com]'),
    'certificates.shop.domains',
    unknown,
    'Write "names:"',
  ],
  [
    'a role of cert-manager',
    { solvers: 'solvers: [{type: route53, role: "arn:aws:iam::111122223333:role/dns"}]' },
    'solvers[0].role',
    unknown,
    'Did you mean "roleArn"?',
  ],
  [
    'a chat',
    { alerts: 'alerts: {email: [ops@corp.net], slack: "https://hooks.example.com/x"}' },
    'alerts.slack',
    unknown,
    'the e-mail address of the channel',
  ],
  [
    'a telephone',
    { alerts: 'alerts: {email: [ops@corp.net], sms: "+491701234567"}' },
    'alerts.sms',
    unknown,
    'aws sns subscribe',
  ],
  [
    'a freeze at the margin',
    { solvers: 'solvers: [{type: route53}]\nfreeze: [2026-12-15..2027-01-05]' },
    'freeze',
    unknown,
    '"maintenance: {timeZone: UTC, freeze: [2026-12-15..2027-01-05]}"',
  ],
  [
    'a freeze of a certificate',
    shopWith('freeze: [2026-12-15..2027-01-05]'),
    'certificates.shop.freeze',
    unknown,
    '"maintenance: {timeZone: UTC, freeze: [2026-12-15..2027-01-05]}"',
  ],
  [
    'a topic',
    { alerts: 'alerts: {email: [ops@corp.net], topicArn: ops}' },
    'alerts.topicArn',
    unknown,
    'Write "snsTopic:"',
  ],
  [
    'an address for the CA',
    { issuers: issuerYaml(`${letsencrypt}, email: ops@corp.net`) },
    'issuers.letsencrypt.email',
    unknown,
    'contact: [mailto:…]',
  ],
  ['a switch', shopWith('paused: true'), 'certificates.shop.paused', unknown, 'There is no switch'],
  [
    'a solver at a certificate',
    shopWith('solver: route53'),
    'certificates.shop.solver',
    unknown,
    'chosen by their "selector:"',
  ],
  [
    'a hook',
    shopWith('deployHook: reload'),
    'certificates.shop.deployHook',
    unknown,
    'Commands are not run',
  ],
  [
    'a key of its own',
    shopWith('kmsKey: alias/x'),
    'certificates.shop.kmsKey',
    unknown,
    'One key encrypts all secrets',
  ],
  ...['bucket: tls', 'storage: {s3: tls}', 'ledger: s3://tls'].map((line): Row => {
    const [key = ''] = line.split(':');
    return [
      `a bucket of their own: ${line}`,
      { retired: line },
      key,
      unknown,
      'they refuse every other writer as a whole',
    ];
  }),
  ['a version', { retired: 'version: 2' }, 'version', unknown, 'the file has no version'],
  [
    'a field of times',
    shopWith('maintenance: {timezone: UTC, timeZone: UTC, allow: ["Sat 22:00-06:00"]}'),
    'certificates.shop.maintenance.timezone',
    unknown,
    'timeZone',
  ],
  [
    'both ways to say when',
    shopWith('renewBefore: 30d\n    renewBeforeDays: 30'),
    'certificates.shop.renewBefore',
    'stands beside renewBeforeDays',
    'Keep one',
  ],
  [
    'a word near a key',
    shopWith('adpot: in-place'),
    'certificates.shop.adpot',
    unknown,
    'Did you mean "adopt"?',
  ],
  [
    'a word near nothing',
    shopWith('constructor: red'),
    'certificates.shop.constructor',
    unknown,
    'Known here: names',
  ],
];

test.each(rows)('%s', (_, parts, path, message, fix) => {
  const problem = problemOf(parts);
  expect(problem.path).toBe(path);
  expect(problem.message).toContain(message);
  expect(problem.fix).toContain(fix);
  const marked = path.endsWith('.renewBefore') ? '30d' : path.split('.').at(-1);
  expect(problem.excerpt?.width).toBe(marked?.length);
});

test('the line of a problem is shown, with a mark below what is wrong', () => {
  const text = configYaml({ replicas: 'replicas: [eu-west-1, eu-wst-1] # copies' });
  expect(renderProblems(problemsOf(text), 'certkeep.yaml')).toBe(`certkeep.yaml: 1 problem

  replicas[1] (line 2)
    "eu-wst-1" is no region of AWS
    2 | replicas: [eu-west-1, eu-wst-1] # copies
                              ^^^^^^^^
    fix: Did you mean eu-west-1?
`);
});

test('a long ARN is shown whole, so that its end can be read', () => {
  const arn = `arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/net/${'x'.repeat(120)}/50dc6c495c0c9188/the-end`;
  const { value } = problemOf({
    certificates: `certificates: {shop: {names: [a.example.com], issuer: letsencrypt, targets: [{type: alb, listener: "${arn}"}]}}`,
  });
  expect(value).toBe(arn);
});

test('for a file in one very long line it shows the part around the problem', () => {
  const names = Array.from({ length: 5_000 }, (_, n) => `n${n}.example.com`);
  names[2_500] = 'wrong name';
  const problem = problemOf(
    `{${['home: {account: "123456789012", region: us-east-1}', issuerYaml('type: acme, directory: https://ca.example.com/directory, termsOfServiceAgreed: true'), 'solvers: [{type: route53}]', `certificates: {shop: {names: [${names.join(', ')}], issuer: letsencrypt}}`].join(', ')}}`,
  );
  const { text = '', column = 0, width = 0 } = problem.excerpt ?? {};
  expect(text.slice(column - 1, column - 1 + width)).toBe('wrong name');
  expect(text.length).toBeLessThan(300);
});

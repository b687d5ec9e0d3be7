import { expect, test } from 'vitest';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  nlbYaml,
  parsed,
  problemsOf,
  shopProblems,
} from '#test/support/config-yaml.ts';

const elsewhere =
  'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/b/50dc6c495c0c9188/f2f7dc8efc522ab3';

test('an issuer that is not there is refused with the one that was meant', () => {
  expect(shopProblems({ issuer: 'letsencript' })).toMatchObject([
    { path: 'certificates.shop.issuer', value: 'letsencript', fix: 'Did you mean "letsencrypt"?' },
  ]);
});

test.each(['constructor', 'toString', 'hasOwnProperty'])('%s is not an issuer', (issuer) => {
  expect(shopProblems({ issuer })[0]?.message).toContain('not one of the issuers');
});

test('a name beside the wildcard that covers it is refused; the apex is not', () => {
  const names = '[example.com, "*.example.com", a.b.example.com, WWW.example.com]';
  expect(shopProblems({ names })).toMatchObject([
    { path: 'certificates.shop.names[3]', message: expect.stringContaining('covered by') },
  ]);
});

test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-3072', 'rsa-4096'])(
  'a Classic Load Balancer with an %s key is refused with path, value and fix',
  (key) => {
    expect(shopProblems({ key, targets: '[{type: clb, loadBalancer: old}]' })).toMatchObject([
      {
        path: 'certificates.shop.targets[0].type',
        value: 'clb',
        message: `cannot serve the ${key} key of this certificate from ACM`,
        fix: expect.stringContaining('key: rsa-2048'),
      },
    ]);
  },
);

test('a Classic Load Balancer takes every key from IAM, which the fix of a mistake says', () => {
  const targets = '[{type: clb, loadBalancer: old, store: iam}]';
  for (const key of ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096']) {
    expect(shopProblems({ key, targets })).toEqual([]);
  }
  expect(
    shopProblems({ key: 'rsa-4096', targets: '[{type: clb, loadBalancer: old}]' }),
  ).toMatchObject([
    { fix: expect.stringMatching(/^Write "store: iam", or "key: rsa-2048", or give/) },
  ]);
  expect(shopProblems({ targets: '[{type: clb, loadBalancer: old, store: s3}]' })).toMatchObject([
    { path: 'certificates.shop.targets[0].store', value: 's3' },
  ]);
});

test('of two keys a Classic Load Balancer gets the first that its store takes', () => {
  const typesOf = (store: string) => {
    const targets = `[{type: clb, loadBalancer: old, store: ${store}}]`;
    const shop = { key: '[ecdsa-p256, rsa-2048]', targets };
    const { config } = parsed(configYaml({ certificates: certificatesYaml({ shop }) }));
    return config.certificates.map(({ key, targets: own }) => [key, own.length]);
  };
  expect(typesOf('iam')).toEqual([
    ['ecdsa-p256', 1],
    ['rsa-2048', 0],
  ]);
  expect(typesOf('acm')).toEqual([
    ['ecdsa-p256', 0],
    ['rsa-2048', 1],
  ]);
});

test('a Network Load Balancer takes every key but RSA of 4096 bits', () => {
  const targets = `[${nlbYaml('default')}]`;
  expect(shopProblems({ key: 'rsa-4096', targets })).toMatchObject([
    {
      path: 'certificates.shop.targets[0].type',
      value: 'nlb',
      message: 'cannot serve the rsa-4096 key of this certificate from ACM',
      fix: expect.stringContaining('key: ecdsa-p256 or ecdsa-p384 or rsa-2048 or rsa-3072'),
    },
  ]);
  for (const key of ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072']) {
    expect(shopProblems({ key, targets })).toEqual([]);
  }
});

test('a Classic Load Balancer is refused also where the key is left to the default', () => {
  expect(shopProblems({ key: '', targets: '[{type: clb, loadBalancer: old}]' })).toHaveLength(1);
  expect(shopProblems({ key: 'rsa-2048', targets: '[{type: clb, loadBalancer: old}]' })).toEqual(
    [],
  );
});

test.each([
  ['default', 'default'],
  ['default', 'both'],
  ['both', 'default'],
  ['both', 'both'],
] as const)(
  'two certificates cannot both be the default of one listener: %s and %s',
  (one, two) => {
    const certificates = certificatesYaml({
      a: { targets: `[${albYaml(one)}]` },
      b: { targets: `[${albYaml(two)}]` },
    });
    expect(problemsOf(configYaml({ certificates }))).toMatchObject([
      {
        path: 'certificates.b.targets[0]',
        message: 'is bound already by certificates.a.targets[0]',
        fix: expect.stringContaining('sni'),
      },
    ]);
  },
);

test('several certificates share a listener by SNI, and default listeners differ', () => {
  const certificates = certificatesYaml({
    a: { targets: `[${albYaml('default')}, ${albYaml('default', elsewhere)}]` },
    b: { targets: `[${albYaml('sni')}]` },
    c: { targets: `[${albYaml('sni')}]` },
  });
  expect(parsed(configYaml({ certificates })).config.certificates).toHaveLength(3);
});

test('a certificate is bound to a listener once', () => {
  expect(shopProblems({ targets: `[${albYaml('sni')}, ${albYaml('sni')}]` })).toHaveLength(1);
  for (const [one, other] of [
    ['default', 'sni'],
    ['sni', 'default'],
  ] as const) {
    expect(shopProblems({ targets: `[${albYaml(one)}, ${albYaml(other)}]` })).toMatchObject([
      {
        path: 'certificates.shop.targets[1]',
        message: 'is bound already by certificates.shop.targets[0]',
        fix: expect.stringContaining('one entry with "certificate: both"'),
      },
    ]);
  }
  expect(shopProblems({ targets: `[${albYaml('both')}, ${albYaml('sni')}]` })).toMatchObject([
    { fix: expect.stringContaining('Remove one of the two') },
  ]);
});

test('one certificate may be the default and listed, with others in the list beside it', () => {
  const certificates = certificatesYaml({
    a: { targets: `[${albYaml('both')}]` },
    b: { names: '[b.example.com]', targets: `[${albYaml('sni')}]` },
  });
  expect(parsed(configYaml({ certificates })).config.certificates[0]?.targets).toMatchObject([
    { certificate: 'both' },
  ]);
});

test('a port of a Classic Load Balancer has one certificate, other ports and regions others', () => {
  const clb = (more: string) => ({
    key: 'rsa-2048',
    targets: `[{type: clb, loadBalancer: old${more}}]`,
  });
  const twice = certificatesYaml({ a: clb(''), b: clb(', port: 443, region: us-east-1') });
  expect(problemsOf(configYaml({ certificates: twice }))).toHaveLength(1);
  const apart = certificatesYaml({
    a: clb(''),
    b: clb(', port: 8443'),
    c: clb(', region: eu-west-1'),
  });
  expect(problemsOf(configYaml({ certificates: apart }))).toEqual([]);
});

test('a target may be in another region and in another account', () => {
  const foreign = elsewhere.replace('123456789012', '999999999999');
  const listeners = `[${albYaml('sni', elsewhere)}, ${albYaml('sni', foreign)}]`;
  expect(shopProblems({ targets: listeners })).toEqual([]);
  const targets = '[{type: clb, loadBalancer: old, account: "999999999999"}]';
  expect(shopProblems({ key: 'rsa-2048', targets })).toEqual([]);
});

test('the account of a Classic Load Balancer is one, and needs its quotes', () => {
  const shop = (account: string) =>
    shopProblems({
      key: 'rsa-2048',
      targets: `[{type: clb, loadBalancer: a, account: ${account}}]`,
    });
  const path = 'certificates.shop.targets[0].account';
  expect(shop('"12"')).toMatchObject([{ path, message: 'is not the number of an AWS account' }]);
  expect(shop('012345678901')).toMatchObject([{ path, fix: expect.stringContaining('quotes') }]);
});

test('the same Classic Load Balancer is the same with and without the home account named', () => {
  const clb = (more: string) => ({
    key: 'rsa-2048',
    targets: `[{type: clb, loadBalancer: old${more}}]`,
  });
  const home = ', account: "123456789012"';
  const twice = certificatesYaml({ a: clb(''), b: clb(home) });
  expect(problemsOf(configYaml({ certificates: twice }))).toHaveLength(1);
  const apart = certificatesYaml({ a: clb(''), b: clb(', account: "999999999999"') });
  expect(problemsOf(configYaml({ certificates: apart }))).toEqual([]);
});

test('a target in another partition or in no region is refused', () => {
  const china = elsewhere.replace('eu-west-1', 'cn-north-1').replace('arn:aws:', 'arn:aws-cn:');
  expect(shopProblems({ targets: `[${albYaml('sni', china)}]` })).toMatchObject([
    { value: 'cn-north-1', message: expect.stringContaining('partition aws-cn') },
  ]);
  const targets = '[{type: clb, loadBalancer: old, region: useast1}]';
  expect(shopProblems({ key: 'rsa-2048', targets })).toMatchObject([
    { path: 'certificates.shop.targets[0].region', value: 'useast1' },
  ]);
});

test.each([
  ['[us-east-1]', 'is the home region'],
  ['[eu-west-1, eu-west-1]', 'is listed twice'],
  ['[cn-north-1]', 'another partition'],
  ['[Ireland]', 'not the name of an AWS region'],
])('replicas %s: %s', (list, message) => {
  const problems = problemsOf(configYaml({ replicas: `replicas: ${list}` }));
  expect(problems.map((problem) => problem.message).join()).toContain(message);
  expect(problems).toHaveLength(1);
});

test('a name that no solver covers is refused', () => {
  const solvers = 'solvers: [{type: route53, selector: {dnsZones: [example.com]}}]';
  const certificates = certificatesYaml({ a: { names: '[a.example.com, example.net]' } });
  expect(problemsOf(configYaml({ solvers, certificates }))).toMatchObject([
    { path: 'certificates.a.names[1]', value: 'example.net' },
  ]);
});

test('mistakes of the form do not hide mistakes between parts', () => {
  const certificates = certificatesYaml({
    a: {
      names: '[a_b.example.com, www.example.com, "*.example.com"]',
      issuer: 'nobody',
      more: 'x: 1',
    },
    b: { targets: '[{type: clb, loadBalancer: old}, {type: alb, listener: x}]' },
  });
  expect(problemsOf(configYaml({ certificates })).map(({ path }) => path)).toEqual([
    'certificates.a.names[0]',
    'certificates.a.names[1]',
    'certificates.a.issuer',
    'certificates.a.x',
    'certificates.b.targets[1].listener',
    'certificates.b.targets[0].type',
  ]);
});

import { expect, test } from 'vitest';
import { looksFitIntoAnHour } from '#shared/config-file/checks/targets/listener-limits.ts';
import { warnings } from '#shared/config-file/checks/warnings.ts';
import { draftOf } from '#shared/config-file/draft.ts';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  nlbYaml,
  parsed,
} from '#test/support/config-yaml.ts';

const at = (listener: number, balancer = 1, place = 'us-east-1:123456789012') =>
  `arn:aws:elasticloadbalancing:${place}:listener/app/b${balancer}/${hex(balancer)}/${hex(listener)}`;

function hex(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** Certificates of names of their own, each with these targets. */
function warningsOf(count: number, targetsOf: (n: number) => readonly string[], key = 'rsa-2048') {
  const certificates = Array.from({ length: count }, (_, n) => [
    `c${n}`,
    { names: `[n${n}.example.com]`, key, targets: `[${targetsOf(n).join(', ')}]` },
  ]);
  return parsed(configYaml({ certificates: certificatesYaml(Object.fromEntries(certificates)) }))
    .warnings;
}

test.each<[string, number, (n: number) => readonly string[]]>([
  ['one list', 26, () => [albYaml('sni', at(1))]],
  ['the lists of two listeners together', 26, (n) => [albYaml('sni', at(1 + (n % 2)))]],
  ['thirteen certificates in two lists each', 13, () => [1, 2].map((n) => albYaml('sni', at(n)))],
  ['what is a default as well', 26, (n) => [albYaml(n === 0 ? 'both' : 'sni', at(1))]],
])(
  'more certificates than a load balancer has places for, in %s, are reported once',
  (_, count, targetsOf) => {
    expect(warningsOf(count, targetsOf)).toMatchObject([
      {
        path: 'certificates',
        value:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/b1/0000000000000001',
        message:
          'gets 26 certificates into the SNI lists of its listeners, but allows 25 unless its quota is higher',
        fix: expect.stringContaining('Service Quotas'),
      },
    ]);
  },
);

test.each<[string, number, (n: number) => readonly string[]]>([
  ['25 in a list, and a default', 26, (n) => [albYaml(n === 0 ? 'default' : 'sni', at(1))]],
  ['26 on two load balancers', 26, (n) => [albYaml('sni', at(1, 1 + (n % 2)))]],
  ['the defaults of 40 listeners', 40, (n) => [albYaml('default', at(n))]],
])('%s fit', (_, count, targetsOf) => {
  expect(warningsOf(count, targetsOf)).toEqual([]);
});

const atNlb = (listener: number) => at(listener).replace('/app/', '/net/');

test('a Network Load Balancer has places for 25 certificates with the defaults of all its listeners', () => {
  const targetsOf = (n: number) => [nlbYaml(n < 2 ? 'default' : 'sni', atNlb(n < 2 ? n : 1))];
  expect(warningsOf(25, targetsOf)).toEqual([]);
  expect(warningsOf(26, targetsOf)).toMatchObject([
    {
      value:
        'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/b1/0000000000000001',
      message: 'gets 26 certificates at its listeners, but allows 25 unless its quota is higher',
      fix: expect.stringContaining('more certificates per Network Load Balancer'),
    },
  ]);
});

/** The finding alone: reading thousands of certificates as YAML takes seconds. */
function foundFor(count: number, targetOf: (n: number) => object) {
  const certificates = Array.from({ length: count }, (_, n) => [
    `c${n}`,
    { names: [`n${n}.example.com`], targets: [targetOf(n)] },
  ]);
  const home = { account: '123456789012', region: 'us-east-1' };
  return looksFitIntoAnHour(draftOf({ home, certificates: Object.fromEntries(certificates) }));
}

const alone = (n: number) => ({ type: 'alb', listener: at(n, n) });
const classic = (n: number) => ({ type: 'clb', loadBalancer: `old${n}` });

test('more listeners than an hour is enough for are reported with the length of a round', () => {
  expect(foundFor(4_000, (n) => (n % 2 === 0 ? alone(n) : classic(n)))).toEqual([
    {
      path: ['certificates'],
      value: '123456789012/us-east-1',
      message:
        'has 4000 listeners, of which certkeep looks at 3600 in an hour: one round takes 67 minutes, and certkeep sees a change that late',
      fix: 'Nothing, if that is soon enough. Otherwise put names together into fewer listeners, or move load balancers to another account or region.',
    },
  ]);
});

test.each<[string, number, (n: number) => object]>([
  ['3,600 listeners of one place', 3_600, alone],
  [
    '4,000 listeners in two regions',
    4_000,
    (n) => ({ ...classic(n), region: n % 2 === 0 ? 'us-east-1' : 'eu-west-1' }),
  ],
  ['4,000 certificates of one listener', 4_000, () => ({ ...alone(0), certificate: 'sni' })],
])('%s fit into an hour', (_, count, targetOf) => {
  expect(foundFor(count, targetOf)).toEqual([]);
});

test('they are among the warnings of a file', () => {
  expect(warnings).toEqual(expect.arrayContaining([looksFitIntoAnHour]));
});

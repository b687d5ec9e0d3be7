import { describe, expect, test } from 'vitest';
import { surveyOf } from '#cli/prepare/init/decide/survey.ts';
import type { Found } from '#cli/prepare/init/facts.ts';
import {
  foundAccount,
  foundClassic,
  foundListener,
  home,
  importedCertificate,
} from '#test/support/found-account.ts';
import { inDays } from '#test/support/healthy.ts';

const imported = importedCertificate();
const { arn } = imported;
const atWeb = foundListener('web', { default: arn });

function one(change: Parameters<typeof importedCertificate>[0], found: Partial<Found> = {}) {
  const certificates = [importedCertificate(change)];
  return surveyOf(foundAccount({ certificates, listeners: [atWeb], ...found }));
}

test('an imported certificate in use is offered, with where it is bound and how it is proven', () => {
  expect(one({ usedBy: [atWeb.balancerArn] }).candidates).toEqual([
    {
      ...{ id: 'www-example-com', arns: [arn], names: ['www.example.com'], covered: [] },
      ...{ key: 'rsa-2048', notAfter: inDays(12), alsoUsedBy: [] },
      targets: [
        {
          name: 'web:443 (us-east-1)',
          config: { type: 'alb', listener: atWeb.arn, certificate: 'default' },
        },
      ],
      zones: [{ id: 'Z1', name: 'example.com', records: 9 }],
    },
  ]);
});

describe('its place on a listener', () => {
  test.each([
    ['default', { default: arn, list: [] }],
    ['sni', { default: 'arn:other', list: [arn] }],
    ['both', { default: arn, list: [arn] }],
  ])('%s', (certificate, held) => {
    const { candidates } = one({}, { listeners: [foundListener('web', held)] });
    expect(candidates[0]?.targets[0]?.config).toMatchObject({ certificate });
  });
});

describe('the key', () => {
  test.each([
    ['RSA_1024', 'rsa-2048'],
    ['RSA_2048', 'rsa-2048'],
    ['RSA_3072', 'rsa-3072'],
    ['RSA_4096', 'rsa-4096'],
    ['EC_prime256v1', 'ecdsa-p256'],
    ['EC_secp384r1', 'ecdsa-p384'],
    ['EC_secp521r1', 'ecdsa-p384'],
  ])('%s becomes %s', (keyAlgorithm, key) => {
    expect(one({ keyAlgorithm }).candidates[0]?.key).toBe(key);
  });

  test('behind a Classic Load Balancer it is the one that it takes', () => {
    const listeners = [atWeb, foundClassic('legacy', arn)];
    const [candidate] = one({ keyAlgorithm: 'RSA_4096' }, { listeners }).candidates;
    expect(candidate?.key).toBe('rsa-2048');
    expect(candidate?.targets.map(({ config }) => config.type)).toEqual(['alb', 'clb']);
  });
});

test('the same names in another region are one certificate, which ends with the first of them', () => {
  const far = importedCertificate({ region: 'eu-west-1', notAfter: inDays(3) });
  const { candidates } = one(
    {},
    {
      certificates: [imported, far],
      listeners: [atWeb, foundListener('far', { region: 'eu-west-1', default: far.arn })],
    },
  );
  expect(candidates).toMatchObject([{ arns: [arn, far.arn], notAfter: inDays(3) }]);
  expect(candidates[0]?.targets.map(({ name }) => name)).toEqual([
    'web:443 (us-east-1)',
    'far:443 (eu-west-1)',
  ]);
});

test('the same names with another kind of key are another certificate, under another id', () => {
  const second = importedCertificate({ arn: `${arn}2`, keyAlgorithm: 'EC_prime256v1' });
  const listeners = [foundListener('web', { default: arn, list: [second.arn] })];
  const { candidates } = one({}, { certificates: [imported, second], listeners });
  expect(candidates.map(({ id, key }) => ({ id, key }))).toEqual([
    { id: 'www-example-com', key: 'rsa-2048' },
    { id: 'www-example-com-2', key: 'ecdsa-p256' },
  ]);
});

test('what ends first comes first', () => {
  const sooner = importedCertificate({
    arn: `${arn}2`,
    names: ['a.example.com'],
    notAfter: inDays(1),
  });
  const listeners = [foundListener('web', { default: arn, list: [sooner.arn] })];
  const { candidates } = one({}, { certificates: [imported, sooner], listeners });
  expect(candidates.map(({ id }) => id)).toEqual(['a-example-com', 'www-example-com']);
});

test('a name that a wildcard of it covers is left out, and the wildcard is not', () => {
  const names = ['example.com', '*.example.com', 'www.example.com', 'a.b.example.com'];
  expect(one({ names }).candidates).toMatchObject([
    {
      names: ['example.com', '*.example.com', 'a.b.example.com'],
      covered: ['www.example.com'],
    },
  ]);
});

test('the longest zone holds a name; of two with one name, the one with more records', () => {
  const zones = [
    { id: 'Z1', name: 'example.com', records: 9 },
    { id: 'Z2', name: 'www.example.com', records: 3 },
    { id: 'Z3', name: 'www.example.com', records: 30 },
    { id: 'Z4', name: 'ww.example.com', records: 90 },
  ];
  const [candidate] = one({ names: ['a.www.example.com', 'example.com'] }, { zones }).candidates;
  expect(candidate?.zones.map(({ id }) => id)).toEqual(['Z3', 'Z1']);
});

const cdn = 'arn:aws:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL';
const network = `arn:aws:elasticloadbalancing:us-east-1:${home.account}:loadbalancer/net/tcp/0123`;

const domain = 'arn:aws:apigateway:us-east-1::/domainnames/api.example.com';

test('a distribution that uses it is a target', () => {
  const [candidate] = one({ usedBy: [cdn] }, { listeners: [] }).candidates;
  expect(candidate?.targets).toEqual([
    {
      name: 'CloudFront E2QWRUHAPOMQZL',
      config: { type: 'cloudfront', distribution: 'E2QWRUHAPOMQZL' },
    },
  ]);
  expect(candidate?.alsoUsedBy).toEqual([]);
});

test('what uses it besides is said', () => {
  const usedBy = [atWeb.balancerArn, cdn, network];
  expect(one({ usedBy }).candidates[0]?.alsoUsedBy).toEqual([
    'Network Load Balancer tcp (us-east-1)',
  ]);
});

describe('what certkeep cannot take is named, and why', () => {
  test.each<[string, Parameters<typeof one>, string]>([
    [
      'nothing but a domain of API Gateway uses it',
      [{ usedBy: [domain] }, { listeners: [] }],
      'write "type: api-gateway" for API Gateway domain api.example.com (us-east-1)',
    ],
    [
      'its zone is elsewhere',
      [{ names: ['www.example.com', 'www.example.net'] }],
      'no public hosted zone of this account holds www.example.net',
    ],
    [
      'no public CA issues for it',
      [{ names: ['my_host.example.com'] }],
      'its name my_host.example.com contains an underscore, which the CA/Browser Forum forbids in certificates',
    ],
    ['it has no name', [{ names: [] }], 'it has no DNS name'],
  ])('%s', (_, given, why) => {
    const { candidates, unmanaged } = one(...given);
    expect(candidates).toEqual([]);
    expect(unmanaged).toMatchObject([{ arns: [arn], why }]);
  });

  test('it is in IAM', () => {
    const iam = 'arn:aws:iam::123456789012:server-certificate/old/2019-shop';
    expect(surveyOf(foundAccount({ listeners: [foundClassic('legacy', iam)] })).unmanaged).toEqual([
      {
        ...{ name: '2019-shop', arns: [iam], notAfter: null },
        why: expect.stringContaining('at legacy:443 (us-east-1)'),
      },
    ]);
  });
});

test('others are counted: those of ACM, those of certkeep, and those that nothing uses', () => {
  const certificates = [
    importedCertificate(),
    importedCertificate({ origin: 'issued by ACM' }),
    importedCertificate({ origin: 'of certkeep', usedBy: [atWeb.balancerArn] }),
  ];
  const survey = surveyOf(foundAccount({ certificates }));
  expect(survey).toEqual({
    ...{ candidates: [], unmanaged: [] },
    counts: { issuedByAcm: 1, ofCertkeep: 1, idle: 1 },
  });
});

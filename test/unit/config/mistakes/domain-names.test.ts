import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, problemsOf } from '#test/support/config-yaml.ts';
import { expectRow, type Row } from '#test/support/mistakes.ts';

const certificate = (target: string, names = '[api.example.com, "*.apis.example.com"]') => ({
  certificates: certificatesYaml({
    shop: { names, key: 'rsa-2048', targets: `[{type: api-gateway, ${target}}]` },
  }),
});
const at = 'certificates.shop.targets[0]';

const china = {
  home: 'home: {account: "123456789012", region: cn-north-1}',
  replicas: 'replicas: [cn-northwest-1]',
};
const govCloud = {
  home: 'home: {account: "123456789012", region: us-gov-west-1}',
  replicas: 'replicas: [us-gov-east-1]',
  solvers:
    'solvers: [{type: cloudflare, secret: "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:x-AbCdEf"}]',
};

const rows: readonly Row[] = [
  [
    'a domain name in capitals',
    certificate('domain: API.example.com'),
    `${at}.domain`,
    'is not a custom domain name in small letters',
    '',
  ],
  [
    'a domain name that is no name of the certificate',
    certificate('domain: other.example.com'),
    `${at}.domain`,
    'is not among the names of this certificate',
    'Add other.example.com to the names of the certificate',
  ],
  [
    'a domain name two labels below a wildcard',
    certificate('domain: a.b.apis.example.com'),
    `${at}.domain`,
    'is not among the names of this certificate',
    'a.b.apis.example.com',
  ],
  [
    'a wildcard below the wildcard of the certificate',
    certificate('domain: "*.v1.apis.example.com"'),
    `${at}.domain`,
    'is not among the names of this certificate',
    '*.v1.apis.example.com',
  ],
  [
    'an edge in China',
    { ...certificate('domain: api.example.com, endpoint: edge'), ...china },
    `${at}.endpoint`,
    'is not possible in cn-north-1',
    'endpoint: regional',
  ],
  [
    'an edge in GovCloud',
    { ...certificate('domain: api.example.com, endpoint: edge'), ...govCloud },
    `${at}.endpoint`,
    'its partition has no edge-optimized endpoints',
    'endpoint: regional',
  ],
  [
    'a key that API Gateway does not take',
    {
      certificates: certificatesYaml({
        shop: {
          names: '[api.example.com]',
          key: 'rsa-3072',
          targets: '[{type: api-gateway, domain: api.example.com}]',
        },
      }),
    },
    'certificates.shop.targets[0].type',
    'rsa-3072',
    'rsa-2048',
  ],
  [
    'a domain name with two certificates',
    {
      certificates: certificatesYaml({
        shop: {
          names: '[api.example.com]',
          key: 'rsa-2048',
          targets: '[{type: api-gateway, domain: api.example.com}]',
        },
        store: {
          names: '["*.example.com"]',
          key: 'rsa-2048',
          targets: '[{type: api-gateway, domain: api.example.com, region: us-east-1}]',
        },
      }),
    },
    'certificates.store.targets[0]',
    'is bound already by certificates.shop.targets[0]',
    '',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test.each([
  ['of a name', 'domain: api.example.com', {}],
  ['below a wildcard', 'domain: v1.apis.example.com', {}],
  ['that is the wildcard', 'domain: "*.apis.example.com"', {}],
  ['at edges, wherever home is', 'domain: api.example.com, endpoint: edge, region: eu-west-1', {}],
  [
    'of an edge in another account',
    'domain: api.example.com, endpoint: edge, account: "210987654321"',
    {},
  ],
  ['that is Regional in China', 'domain: api.example.com', china],
  ['that is Regional in GovCloud', 'domain: api.example.com', govCloud],
])('nothing is said of a domain name %s', (_, target, more) => {
  expect(problemsOf(configYaml({ ...certificate(target), ...more }))).toEqual([]);
});

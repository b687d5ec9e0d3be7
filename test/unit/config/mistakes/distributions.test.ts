import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, problemsOf } from '#test/support/config-yaml.ts';
import { expectRow, issuerYaml, type Row } from '#test/support/mistakes.ts';

const target = (distribution = 'E2QWRUHAPOMQZL') => ({
  certificates: certificatesYaml({
    shop: { targets: `[{type: cloudfront, distribution: "${distribution}"}]` },
  }),
});
const at = 'certificates.shop.targets[0]';

const rows: readonly Row[] = [
  [
    'the host of a distribution',
    target('d111111abcdef8.cloudfront.net'),
    `${at}.distribution`,
    'is not the id of a distribution',
    'aws cloudfront list-distributions',
  ],
  [
    'a distribution in China',
    {
      ...target(),
      home: 'home: {account: "123456789012", region: cn-north-1}',
      replicas: 'replicas: [cn-northwest-1]',
    },
    `${at}.type`,
    'CloudFront in China takes no certificates from ACM',
    'upload-server-certificate',
  ],
  [
    'a distribution in GovCloud',
    {
      ...target(),
      home: 'home: {account: "123456789012", region: us-gov-west-1}',
      replicas: 'replicas: [us-gov-east-1]',
      solvers:
        'solvers: [{type: cloudflare, secret: "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:x-AbCdEf"}]',
    },
    `${at}.type`,
    'there is no CloudFront in the partition aws-us-gov',
    'in an account of the partition aws',
  ],
  [
    'a staging issuer',
    {
      ...target(),
      issuers: issuerYaml('type: acme, directory: letsencrypt-staging, termsOfServiceAgreed: true'),
    },
    'certificates.shop.issuer',
    'is a staging issuer',
    'Name an issuer that browsers trust',
  ],
  [
    'a distribution with two certificates',
    {
      certificates: certificatesYaml({
        shop: { targets: '[{type: cloudfront, distribution: E2QWRUHAPOMQZL}]' },
        store: {
          names: '[store.example.com]',
          targets: '[{type: cloudfront, distribution: E2QWRUHAPOMQZL, account: "123456789012"}]',
        },
      }),
    },
    'certificates.store.targets[0]',
    'is bound already by certificates.shop.targets[0]',
    '',
  ],
];

test.each(rows)('%s', (...row) => expectRow(row));

test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'])(
  'a distribution takes a key of %s, wherever home is',
  (key) => {
    const targets = '[{type: cloudfront, distribution: E2QWRUHAPOMQZL, account: "210987654321"}]';
    const certificates = certificatesYaml({ shop: { key, targets } });
    const home = 'home: {account: "123456789012", region: eu-central-1}';
    expect(problemsOf(configYaml({ certificates, home }))).toEqual([]);
  },
);

import { expect, test } from 'vitest';
import { configYaml, parsed, problemsOf } from '#test/support/config-yaml.ts';

const roleArn = 'arn:aws:iam::111122223333:role/dns/certkeep';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:dns/cloudflare-AbCdEf';

function solvers(...written: readonly string[]): string {
  return configYaml({ solvers: `solvers: [${written.join(', ')}]` });
}

test('every kind of solver is read, with its defaults', () => {
  const { config } = parsed(
    solvers(
      '{type: route53}',
      `{type: route53, roleArn: "${roleArn}", externalId: "a:b", cnameStrategy: follow, selector: {dnsZones: [example.com]}}`,
      `{type: cloudflare, secret: "${secretArn}"}`,
      '{type: alidns, secret: dns/alidns, endpoint: alidns.ap-southeast-1.aliyuncs.com}',
      '{type: dnspod, secret: dns/dnspod, endpoint: dnspod.intl.tencentcloudapi.com}',
    ),
  );
  expect(
    config.solvers.map((solver) => [
      solver.type,
      'cnameStrategy' in solver && solver.cnameStrategy,
    ]),
  ).toEqual([
    ['route53', 'none'],
    ['route53', 'follow'],
    ['cloudflare', 'none'],
    ['alidns', 'none'],
    ['dnspod', 'none'],
  ]);
});

test.each([
  ['{type: bind9}', 'solvers[0].type', 'is not one of'],
  ['{type: cloudflare}', 'solvers[0].secret', 'is missing'],
  ['{type: cloudflare, secret: "has space"}', 'solvers[0].secret', 'not the name or ARN'],
  ['{type: cloudflare, apiToken: abc}', 'solvers[0].apiToken', 'not a key known here'],
  ['{type: cloudflare, secret: "arn:aws:s3:::x"}', 'solvers[0].secret', 'not the name or ARN'],
  ['{type: alidns, secret: x, endpoint: evil.example.com}', 'solvers[0].endpoint', 'not a host of'],
  [
    '{type: alidns, secret: x, endpoint: "alidns.aliyuncs.com.evil.example"}',
    'solvers[0].endpoint',
    'not a host of',
  ],
  [
    '{type: dnspod, secret: x, endpoint: dnspod.evil.example}',
    'solvers[0].endpoint',
    'not a host of',
  ],
  ['{type: route53, roleArn: dns}', 'solvers[0].roleArn', 'not the ARN of a role'],
  ['{type: route53, externalId: abc}', 'solvers[0].externalId', 'only with a role'],
  [
    '{type: route53, roleArn: "arn:aws-cn:iam::111122223333:role/dns"}',
    'solvers[0].roleArn',
    'partition aws-cn, out of reach from us-east-1',
  ],
  [
    '{type: dnspod, secret: "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:dns/x-AbCdEf"}',
    'solvers[0].secret',
    'is in the partition aws-cn, out of reach from us-east-1',
  ],
  ['{type: route53, cnameStrategy: Follow}', 'solvers[0].cnameStrategy', 'is not one of'],
])('%s is refused', (written, path, message) => {
  expect(problemsOf(solvers(written))).toContainEqual(
    expect.objectContaining({ path, message: expect.stringContaining(message) }),
  );
});

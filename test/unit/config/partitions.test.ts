import { expect, test } from 'vitest';
import { albYaml, certificatesYaml, configYaml, problemsOf } from '#test/support/config-yaml.ts';

const home = (region: string) => `home: {account: "123456789012", region: ${region}}`;
const listener = (partition: string, region: string) =>
  `arn:${partition}:elasticloadbalancing:${region}:123456789012:listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65`;

test.each(['us-gov-west-1', 'us-gov-east-1'])(
  'Route 53 proves nothing from %s, where it has no public zones',
  (region) => {
    const route53 = configYaml({ home: home(region), replicas: '' });
    expect(problemsOf(route53)).toEqual([
      expect.objectContaining({
        path: 'solvers[0].type',
        value: 'route53',
        message: expect.stringContaining('no public hosted zones in AWS GovCloud'),
        fix: expect.stringContaining('alb-http01'),
      }),
    ]);
    const solvers = `solvers: [{type: alb-http01, listener: "${listener('aws-us-gov', region)}"}]`;
    expect(problemsOf(configYaml({ home: home(region), replicas: '', solvers }))).toEqual([]);
  },
);

test('neither does it with a role of another partition', () => {
  const solvers =
    'solvers: [{type: route53, roleArn: "arn:aws:iam::111122223333:role/dns/certkeep"}]';
  const problems = problemsOf(configYaml({ home: home('us-gov-west-1'), replicas: '', solvers }));
  expect(problems.map(({ path }) => path)).toEqual(['solvers[0].roleArn', 'solvers[0].type']);
});

test('in China Route 53 has public zones', () => {
  expect(problemsOf(configYaml({ home: home('cn-north-1'), replicas: '' }))).toEqual([]);
});

test.each([
  ['replicas', { replicas: 'replicas: [cn-north-1]' }, 'replicas[0]'],
  [
    'a target',
    {
      certificates: certificatesYaml({
        shop: { targets: `[${albYaml('default', listener('aws-cn', 'cn-north-1'))}]` },
      }),
    },
    'certificates.shop.targets[0]',
  ],
  [
    'a target whose ARN contradicts itself',
    {
      certificates: certificatesYaml({
        shop: { targets: `[${albYaml('default', listener('aws-cn', 'us-east-1'))}]` },
      }),
    },
    'certificates.shop.targets[0].listener',
  ],
  [
    'a solver',
    { solvers: `solvers: [{type: alb-http01, listener: "${listener('aws-cn', 'cn-north-1')}"}]` },
    'solvers[0].listener',
  ],
  [
    'a solver whose ARN contradicts itself',
    { solvers: `solvers: [{type: alb-http01, listener: "${listener('aws-cn', 'us-east-1')}"}]` },
    'solvers[0].listener',
  ],
  [
    'a retired place',
    { retired: 'retired: {places: [123456789012/cn-north-1]}' },
    'retired.places[0]',
  ],
  [
    'the role of a retired solver',
    {
      retired:
        'retired: {solvers: [{type: route53, roleArn: "arn:aws-cn:iam::111122223333:role/dns"}]}',
    },
    'retired.solvers[0].roleArn',
  ],
  [
    'the listener of a retired solver',
    {
      retired: `retired: {solvers: [{type: alb-http01, listener: "${listener('aws-cn', 'cn-north-1')}"}]}`,
    },
    'retired.solvers[0].listener',
  ],
  [
    'the listener of a retired solver whose ARN contradicts itself',
    {
      retired: `retired: {solvers: [{type: alb-http01, listener: "${listener('aws', 'cn-north-1')}"}]}`,
    },
    'retired.solvers[0].listener',
  ],
  [
    'the secret of a retired solver',
    {
      retired:
        'retired: {solvers: [{type: cloudflare, secret: "arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:x-AbCdEf"}]}',
    },
    'retired.solvers[0].secret',
  ],
])('%s of another partition than home is refused, once', (_, parts, path) => {
  expect(problemsOf(configYaml(parts)).map((problem) => problem.path)).toEqual([path]);
});

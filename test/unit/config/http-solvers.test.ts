import { expect, test } from 'vitest';
import { certificatesYaml, configYaml, parsed, problemsOf } from '#test/support/config-yaml.ts';

const at = (rest: string, partition = 'aws', region = 'us-east-1') =>
  `arn:${partition}:elasticloadbalancing:${region}:123456789012:${rest}`;
const listener = at('listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65');

function solvers(...written: readonly string[]): string {
  return `solvers: [${written.join(', ')}]`;
}

const http = (more = '', arn = listener) => `{type: alb-http01, listener: "${arn}"${more}}`;

test('a name may be proven over HTTP, its wildcard through DNS', () => {
  const names = '[example.com, "*.example.com"]';
  const { config } = parsed(
    configYaml({
      solvers: solvers(http(', selector: {dnsZones: [example.com]}'), '{type: route53}'),
      certificates: certificatesYaml({ shop: { names } }),
    }),
  );
  expect(config.solvers[0]).toMatchObject({ type: 'alb-http01', listener });
});

test.each([
  ['listener/net/web/50dc6c495c0c9188/0467ef3c8400ae65', 'Network Load Balancer'],
  ['loadbalancer/net/web/50dc6c495c0c9188', 'Network Load Balancer'],
  ['listener/gwy/web/50dc6c495c0c9188/0467ef3c8400ae65', 'Gateway Load Balancer'],
  ['loadbalancer/web', 'Classic Load Balancer, which has no listener rules'],
  ['loadbalancer/app/web/50dc6c495c0c9188', 'a load balancer, not of one of its listeners'],
  ['listener-rule/app/web/50dc6c495c0c9188/0467ef3c8400ae65/1', 'of a rule'],
  ['targetgroup/web/50dc6c495c0c9188', 'not the ARN of an Application Load Balancer listener'],
])('%s cannot answer a challenge, and it is said why', (rest, why) => {
  expect(problemsOf(configYaml({ solvers: solvers(http('', at(rest))) }))).toEqual([
    expect.objectContaining({
      path: 'solvers[0].listener',
      value: expect.stringMatching(/^arn:/),
      message: expect.stringContaining(why),
      fix: expect.stringMatching(/\.$/),
    }),
  ]);
});

test('everything that is wrong is told at once', () => {
  const china = at('listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65', 'aws-cn', 'cn-north-1');
  const problems = problemsOf(
    configYaml({
      solvers: solvers(
        http(', selector: {dnsNames: ["*.example.com", example.com]}', china),
        http(),
      ),
      certificates: certificatesYaml({ shop: { names: '[example.com, "*.example.com"]' } }),
    }),
  );
  expect(new Map(problems.map(({ path, message }) => [path, message]))).toEqual(
    new Map([
      ['certificates.shop.names[1]', expect.stringMatching(/^is a wildcard, but solvers\[0\],/)],
      ['solvers[0].selector.dnsNames[0]', expect.stringContaining('only through DNS')],
      ['solvers[0].listener', 'is in the partition aws-cn, out of reach from us-east-1'],
    ]),
  );
});

test('a CNAME is nothing for a solver that answers over HTTP', () => {
  expect(problemsOf(configYaml({ solvers: solvers(http(', cnameStrategy: follow')) }))).toEqual([
    expect.objectContaining({
      path: 'solvers[0].cnameStrategy',
      message: 'is not a key known here',
    }),
  ]);
});

test('a permanent rule is for listeners of home, once each, and only it has a priority', () => {
  const far = at('listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65', 'aws', 'eu-west-1');
  const problems = problemsOf(
    configYaml({
      solvers: solvers(
        http(', rule: permanent, priority: 1'),
        http(', rule: permanent, priority: 1, selector: {dnsZones: [a.example.com]}'),
        http(', rule: permanent, priority: 1, selector: {dnsZones: [b.example.com]}', far),
        http(', priority: 4, selector: {dnsZones: [c.example.com]}', far),
      ),
    }),
  );
  expect(new Map(problems.map(({ path, message }) => [path, message]))).toEqual(
    new Map([
      [
        'solvers[2].rule',
        expect.stringMatching(
          /^is permanent, and (the listener is in 123456789012\/eu-west-1|solvers\[3\] has another)/,
        ),
      ],
      ['solvers[3].priority', expect.stringMatching(/^has a meaning only with a permanent rule/)],
    ]),
  );
  expect(problems.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('no load balancer elsewhere reaches it'),
  );
});

test('a permanent rule without a priority is refused, and it is said how to see what is taken', () => {
  expect(problemsOf(configYaml({ solvers: solvers(http(', rule: permanent')) }))).toEqual([
    expect.objectContaining({
      path: 'solvers[0].priority',
      message: expect.stringMatching(/^is missing/),
      fix: expect.stringContaining(`aws elbv2 describe-rules --listener-arn ${listener}`),
    }),
  ]);
});

import { describe, expect, test } from 'vitest';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

const otherAccount = '210987654321';

const listenerOf = (account: string) =>
  `arn:aws:elasticloadbalancing:eu-west-1:${account}:listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65`;

function answering(account: string): string {
  return configYaml({
    replicas: '',
    solvers: `solvers: [{type: alb-http01, listener: "${listenerOf(account)}"}]`,
  });
}

test.each([
  ['home', '123456789012', 'Certkeep'],
  ['another account', otherAccount, `Place-${otherAccount}`],
])('rules at a listener of %s are made in a role that only issue assumes', (_, account, stack) => {
  const { names, template } = synthesized(answering(account));
  expect(names).toEqual(
    account === otherAccount ? ['Key', stack, 'Certkeep'] : ['Key', 'Certkeep'],
  );
  const roles = Object.values(template(stack).Resources).filter(
    ({ Type }) => Type === 'AWS::IAM::Role',
  );
  const role = roles.find(({ Properties }) => Properties.RoleName === 'certkeep-us-east-1-http01');
  expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    expect.objectContaining({
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/certkeep-us-east-1-issue',
        },
      },
    }),
  ]);
  if (account === otherAccount) expect(roles).toHaveLength(1);
  const statements = role?.Properties.Policies[0].PolicyDocument.Statement ?? [];
  const [, , make, tag, remove, ...more] = statements;
  const managed = (key: string) => ({ [`aws:${key}/certkeep:managed`]: 'certkeep' });
  const rules = `${listenerOf(account).replace(':listener/', ':listener-rule/')}/*`;
  const wide = statements.filter(({ Resource }: { Resource: unknown }) => Resource === '*');
  expect(wide.flatMap(({ Action }: { Action: unknown }) => Action).toSorted()).toEqual(
    ['Listeners', 'LoadBalancers', 'Rules', 'Tags'].map(
      (what) => `elasticloadbalancing:Describe${what}`,
    ),
  );
  expect([make, tag, remove]).toMatchObject([
    {
      Action: 'elasticloadbalancing:CreateRule',
      Resource: listenerOf(account),
      Condition: { StringEquals: managed('RequestTag') },
    },
    {
      Action: 'elasticloadbalancing:AddTags',
      Resource: rules,
      Condition: {
        StringEquals: {
          'elasticloadbalancing:CreateAction': 'CreateRule',
          ...managed('RequestTag'),
        },
      },
    },
    {
      Action: 'elasticloadbalancing:DeleteRule',
      Resource: rules,
      Condition: { StringEquals: managed('ResourceTag') },
    },
  ]);
  expect(more).toEqual([]);
  const home = JSON.stringify(template('Certkeep'));
  expect(home).toContain(`arn:aws:iam::${account}:role/certkeep-us-east-1-http01`);
  expect(home).toContain('"CERTKEEP_LISTENER_ROLE":"certkeep-us-east-1-http01"');
});

test('if no solver answers over HTTP, nobody may make rules and no role exists for it', () => {
  expect(JSON.stringify(synthesized(configYaml()).template('Certkeep'))).not.toMatch(
    /http01|LISTENER_ROLE|CreateRule|DeleteRule/,
  );
});

describe('a permanent rule', () => {
  const listener = listenerOf('123456789012').replace('eu-west-1', 'us-east-1');
  const permanent = () =>
    synthesized(
      configYaml({
        replicas: '',
        solvers: `solvers: [{type: alb-http01, listener: "${listener}", rule: permanent, priority: 9}]`,
      }),
    );

  test('leads from the listener to a function that reads what CAs are to see, and nothing else', () => {
    const { all, template } = permanent();
    const [rule, ...more] = all('AWS::ElasticLoadBalancingV2::ListenerRule');
    expect(more).toEqual([]);
    expect(rule?.Properties).toMatchObject({
      ListenerArn: listener,
      Priority: 9,
      Conditions: [
        {
          Field: 'path-pattern',
          PathPatternConfig: { Values: ['/.well-known/acme-challenge/*'] },
        },
      ],
      Actions: [{ Type: 'forward' }],
    });
    const { Resources } = template('Certkeep');
    const [group] = all('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(group?.Properties.TargetType).toBe('lambda');
    const permission = Object.entries(Resources).find(
      ([, { Properties }]) => Properties?.Principal === 'elasticloadbalancing.amazonaws.com',
    );
    const source = permission?.[1].Properties.SourceArn;
    expect(source).toBe(
      `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${group?.Properties.Name}/*`,
    );
    expect(group?.DependsOn).toContain(permission?.[0]);
    const role = all('AWS::IAM::Role').find(
      ({ Properties }) => Properties.RoleName === 'certkeep-us-east-1-challenge',
    );
    const statements = role?.Properties.Policies[0].PolicyDocument.Statement;
    expect(statements.map(({ Action }: { Action: unknown }) => Action)).toEqual([
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      's3:GetObject',
      'kms:Decrypt',
      'secretsmanager:DescribeSecret',
    ]);
    expect(JSON.stringify(statements[3].Resource)).toMatch(
      /:secret:certkeep-accounts\/[^*]+-\?{6}"\]?$/,
    );
    expect(statements[1].Resource).toBe(
      'arn:aws:s3:::certkeep-123456789012-us-east-1/challenges/http-01/*',
    );
  });

  test('needs no right to make rules', () => {
    const { template } = permanent();
    expect(JSON.stringify(template('Certkeep'))).not.toMatch(/CreateRule|DeleteRule|AddTags/);
  });

  test('is not there, and neither is its function, unless it is configured', () => {
    const text = JSON.stringify(synthesized(answering('123456789012')).template('Certkeep'));
    expect(text).not.toMatch(/certkeep-challenge|TargetGroup|ListenerRule|challenges\/http-01/);
  });
});

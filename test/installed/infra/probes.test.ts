import { expect, test } from 'vitest';
import { certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

const network = '{probe: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0a1b2c3d]}}';
const targets =
  '[{type: acm}, {type: acm, region: eu-west-1}, {type: acm, account: "210987654321", region: eu-central-1}]';
const text = configYaml({
  certificates: certificatesYaml({ shop: { targets } }),
  retired: `places: {"123456789012/us-east-1": ${network}, "210987654321/eu-central-1": ${network}}`,
});

const own = 'Probe-123456789012-us-east-1';
const theirs = 'Probe-210987654321-eu-central-1';

test('each place with a probe has a stack of its own, which is there before home', () => {
  const { names, region } = synthesized(text);
  expect(names.filter((name) => name.startsWith('Probe-'))).toEqual([own, theirs]);
  expect(region(theirs)).toBe('eu-central-1');
  expect(names.at(-1)).toBe('Certkeep');
});

function resources(stack: string, type: string) {
  return Object.values(synthesized(text).template(stack).Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

test('its function is in the network, knows nothing, and nobody but its account may invoke it', () => {
  const [inside, ...others] = resources(theirs, 'AWS::Lambda::Function');
  expect(others).toEqual([]);
  expect(inside).toMatchObject({
    FunctionName: 'certkeep-inside',
    VpcConfig: { SubnetIds: ['subnet-0a1b2c3d4e5f60718'], SecurityGroupIds: ['sg-0a1b2c3d'] },
  });
  expect(Object.keys(inside.Environment.Variables)).toEqual(['NODE_OPTIONS']);
  expect(resources(theirs, 'AWS::Lambda::Permission')).toEqual([]);
});

test('its role has the rights of a function in a network, which its own code cannot use', () => {
  const [role, ...others] = resources(theirs, 'AWS::IAM::Role');
  expect(others).toEqual([]);
  const statements = role.Policies[0].PolicyDocument.Statement as readonly {
    Sid: string;
    Action: readonly string[];
    Condition?: object;
  }[];
  expect(statements.map(({ Sid }) => Sid)).toEqual(['WriteLogs', 'AttachToNetwork']);
  const [logs, attach] = statements;
  expect(logs?.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  expect(attach?.Action.every((action) => action.startsWith('ec2:'))).toBe(true);
  expect(attach?.Condition).toEqual({
    ArnNotEquals: {
      'lambda:SourceFunctionArn':
        'arn:aws:lambda:eu-central-1:210987654321:function:certkeep-inside',
    },
  });
});

test.each([
  [
    'deploy and verify at home',
    'Certkeep',
    'arn:aws:lambda:us-east-1:123456789012:function:certkeep-inside',
  ],
  [
    'their roles in another account',
    'Place-210987654321',
    'arn:aws:lambda:eu-central-1:210987654321:function:certkeep-inside',
  ],
])('%s may invoke the functions of that account, and nobody else', (_, stack, arn) => {
  const allowed = resources(stack, 'AWS::IAM::Role').flatMap(({ Policies = [], RoleName }) => {
    const [{ PolicyDocument } = { PolicyDocument: { Statement: [] } }] = Policies;
    const statements = PolicyDocument.Statement as readonly { Sid: string; Resource: unknown }[];
    return statements
      .filter(({ Sid }) => Sid === 'AskFromInside')
      .map(({ Resource }) => [RoleName, Resource]);
  });
  const names = stack === 'Certkeep' ? ['deploy', 'verify'] : ['place', 'place-reader'];
  expect(allowed).toEqual(names.map((name) => [`certkeep-us-east-1-${name}`, arn]));
});

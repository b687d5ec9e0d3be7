import { expect, test } from 'vitest';
import { readEnvironment } from '#functions/environment.ts';
import { type FunctionName, functionNames } from '#shared/installation.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

type Statement = { readonly Action: string | string[]; readonly Resource: string | string[] };

function statementsOf(name: FunctionName): readonly Statement[] {
  const role = synthesized(configYaml())
    .all('AWS::IAM::Role')
    .find(({ Properties }) => Properties.RoleName === `certkeep-us-east-1-${name}`);
  return role?.Properties.Policies[0].PolicyDocument.Statement ?? [];
}

/** The resources, without all that comes before their last part. */
function allowed(name: FunctionName, action: string, pattern: RegExp): readonly string[] {
  return statementsOf(name)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }) => [Resource].flat())
    .filter((resource) => pattern.test(resource))
    .map((resource) => resource.replace(pattern, ''))
    .toSorted();
}

test('check starts issue, deploy, verify and sync at once, issue and verify start deploy, and nobody else anything', () => {
  const started = functionNames.map((name) => [
    name,
    allowed(name, 'lambda:InvokeFunction', /^arn:aws:lambda:us-east-1:123456789012:function:/),
  ]);
  expect(Object.fromEntries(started)).toEqual({
    check: ['certkeep-deploy', 'certkeep-issue', 'certkeep-sync', 'certkeep-verify'],
    issue: ['certkeep-deploy'],
    deploy: [],
    verify: ['certkeep-deploy'],
    sync: [],
    alert: [],
  });
});

test('issue, deploy and verify may send what is to go on into their own queues', () => {
  for (const name of ['issue', 'deploy', 'verify'] as const) {
    expect(allowed(name, 'sqs:SendMessage', /^.*:certkeep-/)).toContain(`${name}.fifo`);
  }
});

test('only check writes down what was sent', () => {
  const writers = functionNames.filter(
    (name) => allowed(name, 's3:PutObject', /^.*\/dispatch\//).length > 0,
  );
  expect(writers).toEqual(['check']);
});

test('every function knows the names of those that are started at once', () => {
  for (const { Properties } of synthesized(configYaml()).all('AWS::Lambda::Function')) {
    // What is not known before the deployment is no text.
    const written = Object.entries<unknown>(Properties.Environment.Variables).map(
      ([key, value]) => [key, typeof value === 'string' ? value : 'made'],
    );
    const environment = readEnvironment({
      AWS_REGION: 'us-east-1',
      ...Object.fromEntries(written),
    });
    expect(environment).toMatchObject({
      CERTKEEP_ISSUE_FUNCTION: 'certkeep-issue',
      CERTKEEP_DEPLOY_FUNCTION: 'certkeep-deploy',
      CERTKEEP_VERIFY_FUNCTION: 'certkeep-verify',
      CERTKEEP_SYNC_FUNCTION: 'certkeep-sync',
    });
  }
});

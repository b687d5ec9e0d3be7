import {
  App,
  CliCredentialsStackSynthesizer,
  type IReusableStackSynthesizer,
  Stack,
} from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { guardBucket } from '#infra/parts/bucket-policy.ts';
import { deployersOf } from '#infra/parts/deployers.ts';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized } from '#test/support/synth.ts';

const healthy = () => synthesized(configYaml());

test('a resource policy denies by keys that the service’s pages document', () => {
  const { names, template } = synthesized(configYaml({ replicas: 'replicas: [eu-west-1]' }));
  const policies = names
    .flatMap((stack) => Object.values(template(stack).Resources))
    .flatMap(({ Type, Properties }) => {
      const document = Properties?.PolicyDocument ?? Properties?.KeyPolicy;
      const statements = Properties?.Statement ?? document?.Statement ?? [];
      return [statements].flat().map((statement) => ({ Type, ...statement }));
    });
  const denied = policies.filter(({ Effect }) => Effect === 'Deny');
  expect(new Set(denied.map(({ Type }) => Type))).toEqual(
    new Set(['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']),
  );
  const keysOf = (type: string) => [
    ...new Set(
      denied
        .filter(({ Type }) => Type === type)
        .flatMap(({ Condition = {} }) => Object.values<object>(Condition).flatMap(Object.keys)),
    ),
  ];
  expect(keysOf('AWS::SNS::TopicPolicy')).toEqual(['aws:SecureTransport']);
  expect(keysOf('AWS::SQS::QueuePolicy')).toEqual(['aws:SecureTransport', 'aws:PrincipalArn']);
  const encryption = 's3:x-amz-server-side-encryption';
  expect(keysOf('AWS::S3::BucketPolicy').toSorted()).toEqual([
    'aws:CalledVia',
    'aws:PrincipalArn',
    'aws:SecureTransport',
    's3:TlsVersion',
    encryption,
    `${encryption}-aws-kms-key-id`,
    `${encryption}-customer-algorithm`,
  ]);
});

test('only CloudFormation’s role changes a bucket, and only roles with the right write into it', () => {
  const text = `${configYaml({ replicas: 'replicas: [eu-west-1]' })}breakGlassRole: people/emergency\n`;
  const { template } = synthesized(text);
  const named = (stack: string, sid: string) => {
    const policy = Object.values(template(stack).Resources).find(
      ({ Type }) => Type === 'AWS::S3::BucketPolicy',
    );
    expect(JSON.stringify(policy).length).toBeLessThan(20 * 1_024);
    const statements: readonly { Sid?: string; Condition?: { ArnNotEquals?: object } }[] =
      policy?.Properties.PolicyDocument.Statement;
    const found = statements.find(({ Sid }) => Sid === sid)?.Condition?.ArnNotEquals;
    return Object.values(found ?? {})
      .flat()
      .map((arn) => arn.replace('arn:aws:iam::123456789012:role/', ''));
  };
  const roles = (...names: string[]) => names.map((name) => `certkeep-us-east-1-${name}`);
  const six = roles('check', 'issue', 'deploy', 'verify', 'sync', 'alert');
  expect(named('Certkeep', 'OtherWriters')).toEqual([...six, 'people/emergency']);
  expect(named('Replica-eu-west-1', 'OtherWriters')).toEqual([
    ...roles('sync'),
    'people/emergency',
  ]);
  for (const stack of ['Certkeep', 'Replica-eu-west-1']) {
    const region = stack === 'Certkeep' ? 'us-east-1' : 'eu-west-1';
    const deployer = `cdk-hnb659fds-cfn-exec-role-123456789012-${region}`;
    expect(named(stack, 'Undo')).toEqual([deployer, 'people/emergency']);
    expect(named(stack, 'LoseVersions')).toEqual(['people/emergency']);
  }
});

test('every right to S3 names the account whose the bucket must be', () => {
  const rights = healthy()
    .all('AWS::IAM::Role')
    .flatMap(({ Properties }) => Properties.Policies[0].PolicyDocument.Statement)
    .filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('s3:')));
  expect(rights.length).toBeGreaterThan(20);
  for (const { Condition } of rights) {
    expect(Condition?.StringEquals?.['aws:ResourceAccount']).toBe('123456789012');
  }
});

test('the event bus has no policy that would let another account in, and four roles may put events on it', () => {
  const { all } = healthy();
  expect(all('AWS::Events::EventBusPolicy')).toEqual([]);
  const publishing = all('AWS::IAM::Role').filter(({ Properties }) =>
    JSON.stringify(Properties.Policies).includes('"events:PutEvents"'),
  );
  expect(publishing.map(({ Properties }) => Properties.RoleName).toSorted()).toEqual(
    ['check', 'deploy', 'issue', 'verify'].map((name) => `certkeep-us-east-1-${name}`),
  );
});

test('if no role deploys by itself, a session of CloudFormation may still change the bucket', () => {
  // Its types are not made for exact optional properties.
  const defaultStackSynthesizer = new CliCredentialsStackSynthesizer() as IReusableStackSynthesizer;
  const app = new App({ defaultStackSynthesizer });
  const stack = new Stack(app, 'Own', { env: { account: '123456789012', region: 'us-east-1' } });
  expect(deployersOf(stack)).toEqual([]);
  const bucket = new Bucket(stack, 'Bucket');
  guardBucket(bucket, { keyArn: 'key', writers: ['writer'], breakGlass: [], deployers: [] });
  const [policy] = Object.values<{ Type: string; Properties: Policy }>(
    app.synth().getStackByName('Own').template.Resources,
  ).filter(({ Type }) => Type === 'AWS::S3::BucketPolicy');
  const undo = policy?.Properties.PolicyDocument.Statement.find(({ Sid }) => Sid === 'Undo');
  expect(undo?.Condition).toEqual({
    'ForAllValues:StringNotEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] },
  });
});

type Policy = {
  readonly PolicyDocument: {
    readonly Statement: readonly { readonly Sid?: string; readonly Condition?: object }[];
  };
};

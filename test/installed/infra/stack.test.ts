import { expect, test } from 'vitest';
import { configYaml } from '#test/support/config-yaml.ts';
import { synthesized, type Template } from '#test/support/synth.ts';

const healthy = () => synthesized(configYaml());

test('the key is the same in every region and renewed, and earlier versions of records stay', () => {
  const { all, template } = healthy();
  const key = Object.values(template('Key').Resources).find(({ Type }) => Type === 'AWS::KMS::Key');
  const [bucket] = all('AWS::S3::Bucket');
  expect(key?.Properties).toMatchObject({ MultiRegion: true, EnableKeyRotation: true });
  expect(bucket?.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
});

test('a stack that was never installed leaves no resource behind that would hold a name', () => {
  const { names, template } = synthesized(configYaml({ replicas: 'replicas: [eu-west-1]' }));
  const kept = names
    .flatMap((stack) => Object.values(template(stack).Resources))
    .filter(({ Type }) => /^AWS::(S3::Bucket|KMS::Key|KMS::ReplicaKey)$/.test(Type));
  expect(kept.map(({ Type, DeletionPolicy }) => [Type, DeletionPolicy]).toSorted()).toEqual([
    ['AWS::KMS::Key', 'RetainExceptOnCreate'],
    ['AWS::KMS::ReplicaKey', 'RetainExceptOnCreate'],
    ['AWS::S3::Bucket', 'RetainExceptOnCreate'],
    ['AWS::S3::Bucket', 'RetainExceptOnCreate'],
  ]);
  for (const { UpdateReplacePolicy } of kept) expect(UpdateReplacePolicy).toBe('Retain');
});

test('the bucket is private, encrypted with the key, and speaks TLS only', () => {
  const { all } = healthy();
  const [bucket] = all('AWS::S3::Bucket');
  expect(Object.values(bucket?.Properties.PublicAccessBlockConfiguration)).toEqual(
    Array(4).fill(true),
  );
  const [rule] = bucket?.Properties.BucketEncryption.ServerSideEncryptionConfiguration ?? [];
  expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
  const [policy] = all('AWS::S3::BucketPolicy');
  expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Deny',
      Action: 's3:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
});

test('a queue hides a message while a run may last, no quarter of an hour, and gives up after five receives', () => {
  const { all } = healthy();
  const timeouts = all('AWS::Lambda::Function').map(({ Properties }) => Properties.Timeout);
  const work = all('AWS::SQS::Queue').filter(({ Properties }) => Properties.RedrivePolicy);
  expect(work).toHaveLength(3);
  for (const { Properties } of work) {
    expect(Properties.FifoQueue).toBe(true);
    expect(Properties.RedrivePolicy.maxReceiveCount).toBe(5);
    expect(Properties.VisibilityTimeout).toBeGreaterThanOrEqual(Math.max(...timeouts));
    expect(Properties.VisibilityTimeout).toBe(300);
  }
});

test('every function runs on Node 24 with a role and a log group of its own', () => {
  const { all, template } = healthy();
  const functions = all('AWS::Lambda::Function').map(({ Properties }) => Properties);
  expect(functions).toHaveLength(6);
  for (const each of functions) {
    expect(each).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  }
  const roles = new Set(functions.map(({ Role }) => Role['Fn::GetAtt'][0]));
  const groups = new Set(functions.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref));
  expect([roles.size, groups.size]).toEqual([6, 6]);
  const { Resources } = template('Certkeep');
  for (const group of groups) expect(Resources[group]?.Properties.RetentionInDays).toBe(90);
});

test('no statement of a role allows a whole service, and none carries a managed policy of AWS', () => {
  for (const { Properties } of healthy().all('AWS::IAM::Role')) {
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    for (const { PolicyDocument } of Properties.Policies) {
      for (const { Action } of PolicyDocument.Statement) {
        expect([Action].flat().filter((action: string) => action.includes('*'))).toEqual([]);
      }
    }
  }
});

test('another configuration changes no policy, so that functions of before and after a deployment read their own', () => {
  const policiesOf = (text: string) =>
    synthesized(text)
      .all('AWS::IAM::Role')
      .map(({ Properties }) => Properties.Policies);
  const other = configYaml({ alerts: 'alerts: {expiringDays: [9]}' });
  const keyOf = (text: string) =>
    synthesized(text).all('AWS::Lambda::Function')[0]?.Properties.Environment.Variables
      .CERTKEEP_CONFIG_SHA256;
  expect(keyOf(other)).not.toBe(keyOf(configYaml()));
  expect(policiesOf(other)).toEqual(policiesOf(configYaml()));
});

test('failures are kept in the end: messages, events, schedules and rules', () => {
  const { all } = healthy();
  const invocations = all('AWS::Lambda::EventInvokeConfig');
  expect(invocations.map(({ Properties }) => Properties.FunctionName.Ref)).toHaveLength(6);
  for (const { Properties } of invocations) {
    expect(Properties.DestinationConfig.OnFailure.Destination).toBeDefined();
  }
  for (const { Properties } of all('AWS::Scheduler::Schedule')) {
    expect(Properties.Target.DeadLetterConfig.Arn).toBeDefined();
  }
  for (const { Properties } of all('AWS::Events::Rule')) {
    expect(Properties.Targets[0].DeadLetterConfig.Arn).toBeDefined();
  }
});

test('the first check is the last thing to happen, and comes again with another configuration', () => {
  const one = healthy().template('Certkeep').Resources;
  const other = synthesized(configYaml({ alerts: 'alerts: {expiringDays: [9]}' }));
  const [id = '', first] = firstCheckIn(one);
  expect(first?.Properties).toMatchObject({ FlexibleTimeWindow: { Mode: 'OFF' } });
  expect(first?.Properties.StartDate).toBeUndefined();
  expect(firstCheckIn(other.template('Certkeep').Resources)[0]).not.toBe(id);
});

test('nothing runs before everything exists that its run, its failure or its silence needs', () => {
  const resources = healthy().template('Certkeep').Resources;
  const isSchedule = (id: string) => resources[id]?.Type === 'AWS::Scheduler::Schedule';
  const schedules = Object.keys(resources).filter(isSchedule);
  expect(schedules).toHaveLength(3);
  const others = Object.entries(resources)
    .filter(([id, { Type }]) => !isSchedule(id) && Type !== 'AWS::CDK::Metadata')
    .map(([id]) => id);
  for (const schedule of schedules) {
    const before = neededBy(schedule, resources);
    expect(others.filter((id) => !before.has(id))).toEqual([]);
  }
  const [first = ''] = firstCheckIn(resources);
  expect(schedules.filter((id) => id !== first && !neededBy(first, resources).has(id))).toEqual([]);
});

/** What CloudFormation makes before a resource, directly or not. */
function neededBy(id: string, resources: Template['Resources'], found = new Set<string>()) {
  const { DependsOn = [], Properties } = resources[id] ?? {};
  for (const other of [...DependsOn, ...namesIn(Properties)]) {
    if (!resources[other] || found.has(other)) continue;
    neededBy(other, resources, found.add(other));
  }
  return found;
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    if (key === 'Ref') return [String(inside)];
    return key === 'Fn::GetAtt' ? [String([inside].flat()[0])] : namesIn(inside);
  });
}

function firstCheckIn(resources: Template['Resources']) {
  return Object.entries(resources).find(([id]) => id.includes('FirstCheck')) ?? [];
}

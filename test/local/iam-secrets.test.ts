import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  allow,
  type IamLab,
  iamLab,
  policy,
  region,
  type Statement,
} from '../support/iam-lab.ts';

const elsewhere = 'eu-west-1';
const keyIn = (place: string) => `arn:aws:kms:${place}:${account}:key/mrk-1`;
const Name = 'certkeep/shop';
const KmsKeyId = 'alias/certkeep';
const secrets = `arn:aws:secretsmanager:${region}:${account}:secret:certkeep/*`;

let lab: IamLab;
beforeEach(async () => {
  lab = await iamLab();
  for (const place of [region, elsewhere]) {
    lab.iam.useKey(`arn:aws:kms:${place}:${account}:alias/certkeep`, keyIn(place));
    lab.iam.putResourcePolicy(keyIn(place), policy(delegating));
  }
});
afterEach(() => lab.close());

const delegating: Statement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const keeping = allow(
  ['CreateSecret', 'PutSecretValue', 'GetSecretValue', 'DescribeSecret'].map(
    (action) => `secretsmanager:${action}`,
  ),
  secrets,
);
const use = (actions: string[], place = region, Condition?: Statement) =>
  allow(
    actions.map((action) => `kms:${action}`),
    keyIn(place),
    Condition,
  );
const token = () => randomUUID();
const noKey = { name: 'AccessDeniedException', message: 'Access to KMS is not allowed' };

test('a secret is made, written and read with its key', async () => {
  const issue = lab.as('issue', [keeping, use(['GenerateDataKey', 'Decrypt'])]);
  await issue.secrets.createSecret({ Name, KmsKeyId, SecretString: 'one' });
  const put = { SecretId: Name, ClientRequestToken: token(), SecretString: 'two' };
  await issue.secrets.putSecretValue(put);
  expect(await issue.secrets.getSecretValue({ SecretId: Name })).toMatchObject({
    SecretString: 'two',
  });
});

test('reading takes Decrypt, and so does a version that is written twice', async () => {
  await lab.operator.secrets.createSecret({ Name, KmsKeyId, SecretString: 'one' });
  const writer = lab.as('writer', [keeping, use(['GenerateDataKey'])]);
  const put = { SecretId: Name, ClientRequestToken: token(), SecretString: 'two' };
  await writer.secrets.putSecretValue(put);
  await expect(writer.secrets.putSecretValue(put)).rejects.toMatchObject(noKey);
  await expect(writer.secrets.getSecretValue({ SecretId: Name })).rejects.toMatchObject(noKey);
  await writer.secrets.describeSecret({ SecretId: Name });
});

test('making one takes both: Secrets Manager tries the key first', async () => {
  const half = lab.as('half', [keeping, use(['GenerateDataKey'])]);
  const secret = { Name, KmsKeyId, SecretString: 'one' };
  await expect(half.secrets.createSecret(secret)).rejects.toMatchObject(noKey);
  await expect(lab.operator.secrets.describeSecret({ SecretId: Name })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('the encryption context names the secret', async () => {
  const of = (name: string) =>
    use(['GenerateDataKey', 'Decrypt'], region, {
      StringLike: {
        'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:*:*:secret:${name}`,
      },
      StringEquals: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` },
    });
  const secret = { Name, KmsKeyId, SecretString: 'one' };
  const other = lab.as('other', [keeping, of('other/*')]);
  await expect(other.secrets.createSecret(secret)).rejects.toMatchObject(noKey);
  await lab.as('issue', [keeping, of('certkeep/*')]).secrets.createSecret(secret);
});

test('the resource of a name is the stored ARN, with its suffix', async () => {
  await lab.operator.secrets.createSecret({ Name, SecretString: 'one' });
  const reads = (resource: string) => [
    allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:*:*:secret:${resource}`),
  ];
  const read = { SecretId: Name };
  await lab.as('exact', reads('certkeep/shop-??????')).secrets.getSecretValue(read);
  const bare = lab.as('bare', reads('certkeep/shop'));
  await expect(bare.secrets.getSecretValue(read)).rejects.toMatchObject({
    message: expect.stringContaining(
      'secretsmanager:GetSecretValue on resource: certkeep/shop because',
    ),
  });
  const other = lab.as('other', reads('other/*'));
  await expect(other.secrets.getSecretValue(read)).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('tags and replicas of a new secret need rights of their own', async () => {
  const creates = allow('secretsmanager:CreateSecret', secrets);
  const issue = lab.as('issue', [creates]);
  const Tags = [{ Key: 'team', Value: 'web' }];
  await expect(issue.secrets.createSecret({ Name, Tags })).rejects.toMatchObject({
    message: expect.stringContaining('secretsmanager:TagResource'),
  });
  const AddReplicaRegions = [{ Region: elsewhere }];
  await expect(issue.secrets.createSecret({ Name, AddReplicaRegions })).rejects.toMatchObject({
    message: expect.stringContaining('secretsmanager:ReplicateSecretToRegions'),
  });
  const more = ['secretsmanager:TagResource', 'secretsmanager:ReplicateSecretToRegions'];
  lab.grant('issue', [creates, allow(more, secrets)]);
  await issue.secrets.createSecret({ Name, Tags, AddReplicaRegions });
});

const replicating = allow('secretsmanager:ReplicateSecretToRegions', secrets);
const replicated = {
  Name,
  KmsKeyId,
  SecretString: 'one',
  AddReplicaRegions: [{ Region: elsewhere, KmsKeyId }],
};
const reading = allow('secretsmanager:GetSecretValue', '*');

test('a replica is made with the key of its region', async () => {
  const issue = lab.as('issue', [
    keeping,
    replicating,
    use(['GenerateDataKey', 'Decrypt']),
    use(['GenerateDataKey', 'Encrypt'], elsewhere),
  ]);
  const made = await issue.secrets.createSecret(replicated);
  expect(made.ReplicationStatus).toMatchObject([{ Status: 'InSync' }]);
  const there = lab.as('reader', [reading, use(['Decrypt'], elsewhere)], elsewhere);
  await there.secrets.getSecretValue({ SecretId: Name });
  const keyless = lab.as('keyless', [reading, use(['Decrypt'])], elsewhere);
  await expect(keyless.secrets.getSecretValue({ SecretId: Name })).rejects.toMatchObject(noKey);
});

test('without that key the secret is made all the same, and its replica has failed', async () => {
  const issue = lab.as('issue', [keeping, replicating, use(['GenerateDataKey', 'Decrypt'])]);
  const made = await issue.secrets.createSecret(replicated);
  expect(made.ReplicationStatus).toMatchObject([{ Region: elsewhere, Status: 'Failed' }]);
  expect(lab.decided()).toContain('denied kms:Encrypt');
});

test('a replica added later takes Decrypt on the first key as well', async () => {
  const { AddReplicaRegions, ...single } = replicated;
  await lab.operator.secrets.createSecret(single);
  const sync = lab.as('sync', [replicating, use(['GenerateDataKey', 'Encrypt'], elsewhere)]);
  const added = await sync.secrets.replicateSecretToRegions({ SecretId: Name, AddReplicaRegions });
  expect(added.ReplicationStatus).toMatchObject([{ Status: 'Failed' }]);
});

test('an alias that nobody made is not taken for AWS’s own key', async () => {
  const issue = lab.as('issue', [allow('*', '*')]);
  const AddReplicaRegions = [{ Region: elsewhere, KmsKeyId: 'alias/typo' }];
  const made = await issue.secrets.createSecret({ Name: 'replicated', AddReplicaRegions });
  expect(made.ReplicationStatus).toMatchObject([{ Status: 'Failed' }]);
  await expect(
    issue.secrets.createSecret({ Name, KmsKeyId: 'alias/typo', SecretString: 'x' }),
  ).rejects.toMatchObject({ name: 'KMS.NotFoundException' });
});

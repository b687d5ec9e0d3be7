import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  allow,
  type IamLab,
  iamLab,
  keyIn,
  region,
  type Statement,
} from '#cloud/kit/iam-lab.ts';

const Name = 'certkeep/shop';
const KmsKeyId = 'alias/certkeep';
const secrets = `arn:aws:secretsmanager:${region}:${account}:secret:certkeep/*`;

let lab: IamLab;
beforeEach(async () => {
  lab = await iamLab();
  lab.makeKey();
});
afterEach(() => lab.close());

const keeping = allow(
  ['CreateSecret', 'PutSecretValue', 'GetSecretValue', 'DescribeSecret'].map(
    (action) => `secretsmanager:${action}`,
  ),
  secrets,
);
const use = (actions: string[], Condition?: Statement) =>
  allow(
    actions.map((action) => `kms:${action}`),
    keyIn(region),
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
    use(['GenerateDataKey', 'Decrypt'], {
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

test('the resource of a new name is the ARN that it will have', async () => {
  const creates = (resource: string) => [
    allow('secretsmanager:CreateSecret', `arn:aws:secretsmanager:*:*:secret:${resource}`),
  ];
  const bare = lab.as('bare', creates(Name));
  await expect(bare.secrets.createSecret({ Name })).rejects.toMatchObject({
    message: expect.stringContaining(`secretsmanager:CreateSecret on resource: ${Name} because`),
  });
  await lab.as('exact', creates(`${Name}-??????`)).secrets.createSecret({ Name });
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
  const AddReplicaRegions = [{ Region: 'eu-west-1' }];
  await expect(issue.secrets.createSecret({ Name, AddReplicaRegions })).rejects.toMatchObject({
    message: expect.stringContaining('secretsmanager:ReplicateSecretToRegions'),
  });
  const more = ['secretsmanager:TagResource', 'secretsmanager:ReplicateSecretToRegions'];
  lab.grant('issue', [creates, allow(more, secrets)]);
  await issue.secrets.createSecret({ Name, Tags, AddReplicaRegions });
});

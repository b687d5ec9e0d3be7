import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, allow, type IamLab, iamLab, keyIn, region } from '#cloud/kit/iam-lab.ts';

const elsewhere = 'eu-west-1';
const Name = 'certkeep/shop';
const KmsKeyId = 'alias/certkeep';
const secrets = `arn:aws:secretsmanager:${region}:${account}:secret:certkeep/*`;

let lab: IamLab;
beforeEach(async () => {
  lab = await iamLab();
  lab.makeKey();
  lab.makeKey(elsewhere);
});
afterEach(() => lab.close());

const keeping = allow(
  ['CreateSecret', 'PutSecretValue', 'GetSecretValue', 'DescribeSecret'].map(
    (action) => `secretsmanager:${action}`,
  ),
  secrets,
);
const use = (actions: string[], place = region) =>
  allow(
    actions.map((action) => `kms:${action}`),
    keyIn(place),
  );
const noKey = { name: 'AccessDeniedException', message: 'Access to KMS is not allowed' };

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
    use(['GenerateDataKey', 'Encrypt', 'Decrypt'], elsewhere),
  ]);
  const made = await issue.secrets.createSecret(replicated);
  expect(made.ReplicationStatus).toMatchObject([{ Status: 'InSync' }]);
  const there = lab.as('reader', [reading, use(['Decrypt'], elsewhere)], elsewhere);
  await there.secrets.getSecretValue({ SecretId: Name });
  const keyless = lab.as('keyless', [reading, use(['Decrypt'])], elsewhere);
  await expect(keyless.secrets.getSecretValue({ SecretId: Name })).rejects.toMatchObject(noKey);
});

test('a replica may have a key where the first has none', async () => {
  const { KmsKeyId: _, ...first } = replicated;
  await lab.operator.secrets.createSecret(first);
  await lab.as('here', [reading]).secrets.getSecretValue({ SecretId: Name });
  const there = lab.as('there', [reading], elsewhere);
  await expect(there.secrets.getSecretValue({ SecretId: Name })).rejects.toMatchObject(noKey);
});

test('without that key the secret is made all the same, and its replica has failed', async () => {
  const issue = lab.as('issue', [keeping, replicating, use(['GenerateDataKey', 'Decrypt'])]);
  const made = await issue.secrets.createSecret(replicated);
  expect(made.ReplicationStatus).toMatchObject([{ Region: elsewhere, Status: 'Failed' }]);
  expect(lab.decided()).toContain('denied kms:Encrypt');
});

test('a key there that may not be used for Decrypt is too little, as one of two pages has it', async () => {
  const issue = lab.as('issue', [
    keeping,
    replicating,
    use(['GenerateDataKey', 'Decrypt']),
    use(['GenerateDataKey', 'Encrypt'], elsewhere),
  ]);
  const made = await issue.secrets.createSecret(replicated);
  expect(made.ReplicationStatus).toMatchObject([{ Region: elsewhere, Status: 'Failed' }]);
  expect(lab.decided()).toContain('denied kms:Decrypt');
});

test('a replica added later takes Decrypt on the first key as well', async () => {
  const { AddReplicaRegions, ...single } = replicated;
  await lab.operator.secrets.createSecret(single);
  const sync = lab.as('sync', [
    replicating,
    use(['GenerateDataKey', 'Encrypt', 'Decrypt'], elsewhere),
  ]);
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

import { afterAll, beforeAll, expect, test } from 'vitest';
import { allow, type IamLab, iamLab } from '#cloud/kit/iam-lab.ts';

let lab: IamLab;
const Bucket = 'certkeep-ledger';
const Key = 'certificates/shop/record.json';
const objects = `arn:aws:s3:::${Bucket}/*`;
const bucket = `arn:aws:s3:::${Bucket}`;

beforeAll(async () => {
  lab = await iamLab();
  await lab.operator.s3.createBucket({ Bucket });
  await lab.operator.s3.putObject({ Bucket, Key, Body: '{}' });
});
afterAll(() => lab.close());

const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
const missing = { Bucket, Key: 'certificates/none/record.json' };

test('a missing key is forbidden to callers that may not list', async () => {
  const reader = lab.as('reader', [allow('s3:GetObject', objects)]);
  await reader.s3.getObject({ Bucket, Key });
  await expect(reader.s3.getObject(missing)).rejects.toMatchObject({
    ...denied,
    message:
      'User: arn:aws:sts::000000000000:assumed-role/reader/certkeep-reader is not authorized to ' +
      'perform: s3:ListBucket on resource: "arn:aws:s3:::certkeep-ledger" ' +
      'because no identity-based policy allows the s3:ListBucket action',
  });
});

test('and not found for callers that may', async () => {
  const lister = lab.as('lister', [allow('s3:GetObject', objects), allow('s3:ListBucket', bucket)]);
  await expect(lister.s3.getObject(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(lister.s3.headObject(missing)).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  });
});

test('the right to list the prefix of the key is enough', async () => {
  const below = (prefix: string) => [
    allow('s3:GetObject', objects),
    allow('s3:ListBucket', bucket, { StringLike: { 's3:prefix': prefix } }),
  ];
  const lister = lab.as('prefixlister', below('certificates/*'));
  await expect(lister.s3.getObject(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
  await lister.s3.listObjectsV2({ Bucket, Prefix: 'certificates/' });
  await expect(lister.s3.listObjectsV2({ Bucket })).rejects.toMatchObject(denied);
  const elsewhere = lab.as('elsewhere', below('config/*'));
  await expect(elsewhere.s3.getObject(missing)).rejects.toMatchObject(denied);
});

test('behind a delete marker there is nothing either', async () => {
  const versioned = 'certkeep-versioned';
  const { s3 } = lab.operator;
  await s3.createBucket({ Bucket: versioned });
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await s3.putBucketVersioning({ Bucket: versioned, VersioningConfiguration });
  const { VersionId } = await s3.putObject({ Bucket: versioned, Key, Body: '{}' });
  await s3.deleteObject({ Bucket: versioned, Key });
  const reader = lab.as('reader', [allow('s3:GetObject', '*')]);
  await expect(reader.s3.getObject({ Bucket: versioned, Key })).rejects.toMatchObject(denied);
  const older = { Bucket: versioned, Key, VersionId };
  await expect(reader.s3.getObject(older)).rejects.toMatchObject({
    message: expect.stringContaining('s3:GetObjectVersion'),
  });
  const versions = lab.as('versions', [allow('s3:GetObjectVersion', '*')]);
  await versions.s3.getObject(older);
});

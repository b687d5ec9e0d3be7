import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  account,
  allow,
  type IamLab,
  iamLab,
  otherAccount,
  policy,
  region,
  roleArn,
} from '#cloud/kit/iam-lab.ts';

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

test('everybody learns that a bucket is missing', async () => {
  const stranger = lab.as('stranger', []);
  const nowhere = stranger.s3.getObject({ Bucket: 'certkeep-nowhere', Key });
  await expect(nowhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('If-Match needs the right to read as well, If-None-Match does not', async () => {
  const writer = lab.as('writer', [allow('s3:PutObject', objects)]);
  const written = { Bucket, Key: 'certificates/new/record.json', Body: '{}' };
  const { ETag: IfMatch } = await writer.s3.putObject({ ...written, IfNoneMatch: '*' });
  await expect(writer.s3.putObject({ ...written, IfMatch })).rejects.toMatchObject({
    ...denied,
    message: expect.stringContaining('perform: s3:GetObject on resource'),
  });
  lab.grant('writer', [allow(['s3:PutObject', 's3:GetObject'], objects)]);
  await writer.s3.putObject({ ...written, IfMatch });
});

test('a bucket policy can demand conditional writes', async () => {
  const unconditional = {
    Sid: 'OnlyConditional',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: `${bucket}/locks/*`,
    Condition: { Null: { 's3:if-none-match': 'true' } },
  };
  lab.iam.putResourcePolicy(bucket, policy(unconditional));
  const writer = lab.as('writer', [allow('s3:PutObject', objects)]);
  const lock = { Bucket, Key: 'locks/shop', Body: '{}' };
  await expect(writer.s3.putObject(lock)).rejects.toMatchObject({
    ...denied,
    message: expect.stringMatching(/with an explicit deny in a resource-based policy$/),
  });
  await writer.s3.putObject({ ...lock, IfNoneMatch: '*' });
  expect(lab.iam.decisions.findLast(({ allowed }) => !allowed)).toMatchObject({
    role: roleArn('writer'),
    caller: 'writer',
    action: 's3:PutObject',
    decidedBy: [{ policy: bucket, sid: 'OnlyConditional' }],
  });
  lab.iam.putResourcePolicy(bucket, null);
});

test('a copy reads there and writes here', async () => {
  const copy = { Bucket, Key: 'copies/record.json', CopySource: `${Bucket}/${Key}` };
  const copier = lab.as('copier', [allow('s3:PutObject', `${bucket}/copies/*`)]);
  await expect(copier.s3.copyObject(copy)).rejects.toMatchObject({
    message: expect.stringContaining(`s3:GetObject on resource: "arn:aws:s3:::${Bucket}/${Key}"`),
  });
  lab.grant('copier', [
    allow('s3:PutObject', `${bucket}/copies/*`),
    allow('s3:GetObject', `${bucket}/certificates/*`),
  ]);
  await copier.s3.copyObject(copy);
});

test('an explicit deny of its own holds against what it was allowed', async () => {
  const halved = lab.as('halved', [
    allow('s3:*', '*'),
    { Sid: 'Never', Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
  ]);
  await halved.s3.listBuckets({});
  await expect(halved.s3.deleteObject({ Bucket, Key })).rejects.toMatchObject({
    message: expect.stringMatching(/with an explicit deny in an identity-based policy$/),
  });
});

test('a key with a star in it is a key, not a pattern', async () => {
  const one = lab.as('one', [allow('s3:GetObject', `${bucket}/certificates/shop/record.json`)]);
  const starred = one.s3.getObject({ Bucket, Key: 'certificates/*' });
  await expect(starred).rejects.toMatchObject({
    message: expect.stringContaining(`s3:GetObject on resource: "${bucket}/certificates/*"`),
  });
});

test('a bucket of another account is closed to a role whose own account lets it in', async () => {
  const stranger = lab.as('stranger', [allow('s3:GetObject', objects)], region, otherAccount);
  await expect(stranger.s3.getObject({ Bucket, Key })).rejects.toMatchObject({
    ...denied,
    message: expect.stringMatching(/because no resource-based policy allows the s3:GetObject/),
  });
});

test('a caller without a role may do everything', async () => {
  const before = lab.iam.decisions.length;
  await lab.operator.s3.getObject({ Bucket, Key });
  const unknown = lab.with({ accessKeyId: 'AKIASOMEBODY', secretAccessKey: 'x' });
  await unknown.s3.listBuckets({});
  expect(lab.iam.decisions).toHaveLength(before);
});

test('a session of a role that was deleted may do nothing', async () => {
  const gone = lab.as('gone', [allow('*', '*')]);
  await gone.s3.getObject({ Bucket, Key });
  lab.iam.deleteRole(roleArn('gone', account));
  await expect(gone.s3.getObject({ Bucket, Key })).rejects.toMatchObject(denied);
});

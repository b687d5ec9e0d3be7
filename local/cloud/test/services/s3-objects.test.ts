import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { s3, s3Service } from '#cloud/services/s3/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

const Bucket = 'ledger';
const store = () => s3({ clock: virtualClock() });
let front: LocalFront;
let state: ReturnType<typeof store>;
let client: S3Client;

beforeEach(async () => {
  state = store();
  front = await localFront([s3Service(state)]);
  client = new S3Client(front.configuration());
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterEach(() => front.close());

test('an object comes back with its bytes, metadata and MD5 as ETag', async () => {
  const put = await client.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a b/ü+?.json',
      Body: 'hello',
      Metadata: { 'write-id': '7' },
    }),
  );
  const got = await client.send(
    new GetObjectCommand({ Bucket, Key: 'a b/ü+?.json', ChecksumMode: 'ENABLED' }),
  );
  expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  expect(put.VersionId).toBeUndefined();
  expect(got).toMatchObject({ ETag: put.ETag, Metadata: { 'write-id': '7' }, ContentLength: 5 });
  expect(await got.Body?.transformToString()).toBe('hello');
});

test('a streamed upload is unchunked and its trailing checksum verified', async () => {
  const Body = Readable.from([Buffer.alloc(70_000, 'x'), Buffer.from('end')]);
  await client.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: 70_003 }));
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'stream' }));
  expect(head.ContentLength).toBe(70_003);
  expect(head.ContentEncoding).toBeUndefined();
  // Only a trailer can have brought it: the client did not know the checksum when it began.
  expect(front.faults.calls.at(-2)?.input).toHaveProperty('ChecksumCRC32');
  expect(Buffer.from(state.bytesOf(Bucket, 'stream') ?? []).toString('latin1', 69_999)).toBe(
    'xend',
  );
});

test('a body that does not match its checksum is refused', async () => {
  const wrong = new PutObjectCommand({ Bucket, Key: 'k', Body: 'a', ChecksumCRC32: 'AAAAAA==' });
  await expect(client.send(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
});

test('a missing key, bucket or version has the error name of its own', async () => {
  const get = (input: object) =>
    client.send(new GetObjectCommand({ Bucket, Key: 'nothing', ...input }));
  await expect(get({})).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(get({ Bucket: 'elsewhere' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
  await expect(get({ VersionId: 'v' })).rejects.toMatchObject({ name: 'NoSuchVersion' });
  const head = client.send(new HeadObjectCommand({ Bucket, Key: 'nothing' }));
  await expect(head).rejects.toMatchObject({ name: 'NotFound' });
});

test('a bucket is reached only through its own region', async () => {
  const west = new S3Client(front.configuration({ region: 'eu-west-1' }));
  const head = new HeadBucketCommand({ Bucket });
  await expect(west.send(head)).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
  const follows = { ...front.configuration({ region: 'eu-west-1' }), followRegionRedirects: true };
  expect(await new S3Client(follows).send(head)).toMatchObject({ BucketRegion: 'us-east-1' });
  await west.send(
    new CreateBucketCommand({
      Bucket: 'copy',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  expect(await west.send(new HeadBucketCommand({ Bucket: 'copy' }))).toMatchObject({
    BucketRegion: 'eu-west-1',
  });
});

test('a listing pages through keys and folds what lies behind the delimiter', async () => {
  for (const Key of ['b/2', 'a', 'b/1', 'c', 'd/1']) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  }
  const page = { Bucket, Delimiter: '/', MaxKeys: 2 };
  const first = await client.send(new ListObjectsV2Command(page));
  const second = await client.send(
    new ListObjectsV2Command({ ...page, ContinuationToken: first.NextContinuationToken }),
  );
  expect(first.Contents?.map(({ Key }) => Key)).toEqual(['a']);
  expect(first.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
  expect(second.Contents?.map(({ Key }) => Key)).toEqual(['c']);
  expect(second.CommonPrefixes).toEqual([{ Prefix: 'd/' }]);
  expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
});

test('who deletes a delete marker gets the object back', async () => {
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'one' }));
  const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));
  expect(Buffer.from(state.bytesOf(Bucket, 'k') ?? []).toString()).toBe('one');
});

test('a copy takes bytes and metadata along', async () => {
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'from/a b', Body: 'x', Metadata: { kind: 'chain' } }),
  );
  await client.send(
    new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from/a%20b` }),
  );
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
  expect(head).toMatchObject({ ContentLength: 1, Metadata: { kind: 'chain' } });
});

test('a member that is not implemented is refused by name and never ignored', async () => {
  const tagged = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a=b' });
  await expect(client.send(tagged)).rejects.toThrow('PutObject with Tagging is not implemented');
});

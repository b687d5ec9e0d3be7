import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { AwsCommand } from '#cloud/kit/aws-command.ts';

export async function visitS3(aws: AwsCommand): Promise<void> {
  const bucket = ['--bucket', 'visited'];
  const record = [...bucket, '--key', 'record.json'];
  const body = ['--body', await aws.file('body.json', '{"first":true}')];
  await aws.run('s3', 'CreateBucket', ...bucket);
  // From another region the answer says where the bucket is, and the command line goes there.
  const found = await aws.run('s3', 'HeadBucket', ...bucket, '--region', 'eu-west-1');
  expect(found).toEqual({ BucketRegion: 'us-east-1' });
  const names = async (): Promise<string[]> =>
    (await aws.run('s3', 'ListBuckets')).Buckets.map(({ Name }: { Name: string }) => Name);
  expect(await names()).toEqual(['visited']);
  const versioning = ['--versioning-configuration', 'Status=Enabled'];
  await aws.run('s3', 'PutBucketVersioning', ...bucket, ...versioning);

  const put = await aws.run('s3', 'PutObject', ...record, ...body, '--if-none-match', '*');
  await expect(
    aws.run('s3', 'PutObject', ...record, ...body, '--if-none-match', '*'),
  ).rejects.toThrow('(PreconditionFailed)');
  await aws.run('s3', 'PutObject', ...record, ...body, '--if-match', put.ETag);
  const copy = ['--copy-source', 'visited/record.json', '--key', 'copy.json'];
  await aws.run('s3', 'CopyObject', ...bucket, ...copy);
  const into = await aws.file('read.json', '');
  await aws.run('s3', 'GetObject', ...bucket, '--key', 'copy.json', into);
  expect(await readFile(into, 'utf8')).toBe('{"first":true}');
  const head = await aws.run('s3', 'HeadObject', ...record);
  expect(head).toMatchObject({ ContentLength: 14, ETag: put.ETag });
  const { Contents } = await aws.run('s3', 'ListObjectsV2', ...bucket);
  expect(Contents.map(({ Key }: { Key: string }) => Key)).toEqual(['copy.json', 'record.json']);

  await aws.run('s3', 'DeleteObject', ...record);
  const { Versions, DeleteMarkers } = await aws.run('s3', 'ListObjectVersions', ...bucket);
  expect([Versions.length, DeleteMarkers.length]).toEqual([3, 1]);
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
    const one = [...bucket, '--key', Key, '--version-id', VersionId];
    await aws.run('s3', 'DeleteObject', ...one);
  }
  await aws.run('s3', 'DeleteBucket', ...bucket);
  expect(await names()).toEqual([]);
}

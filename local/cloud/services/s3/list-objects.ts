import type { ListObjectsV2CommandInput, ListObjectsV2Output } from '@aws-sdk/client-s3';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { type Entry, encoding, grouped, largestPage } from './grouping.ts';
import {
  type Bucket,
  bucketOf,
  compareKeys,
  currentVersion,
  keysAfter,
  type S3State,
} from './state.ts';

export function listObjectsV2(
  state: S3State,
  input: ListObjectsV2CommandInput,
  call: Call,
): ListObjectsV2Output {
  supportOnly('ListObjectsV2', input, [
    'Bucket',
    'Prefix',
    'Delimiter',
    'MaxKeys',
    'StartAfter',
    'ContinuationToken',
    'EncodingType',
    'FetchOwner',
    'ExpectedBucketOwner',
  ]);
  const bucket = bucketOf(state, input, call);
  const encode = encoding(input.EncodingType);
  const size = Math.min(input.MaxKeys ?? largestPage, largestPage);
  const { page, isTruncated } = pageOf(bucket, input, size);
  return {
    Name: bucket.name,
    Prefix: encode(input.Prefix ?? ''),
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    ...(input.ContinuationToken ? { ContinuationToken: input.ContinuationToken } : {}),
    ...(input.StartAfter ? { StartAfter: encode(input.StartAfter) } : {}),
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(isTruncated ? { NextContinuationToken: encodeToken(page.at(-1)?.name ?? '') } : {}),
    CommonPrefixes: page.flatMap(({ name, isPrefix }) =>
      isPrefix ? [{ Prefix: encode(name) }] : [],
    ),
    Contents: page.flatMap(({ name, isPrefix }) => {
      const version = isPrefix ? null : currentVersion(bucket, name);
      if (!version) return [];
      return {
        Key: encode(name),
        ETag: version.etag,
        Size: version.body.byteLength,
        LastModified: version.lastModified,
        StorageClass: 'STANDARD' as const,
      };
    }),
  };
}

function pageOf(bucket: Bucket, input: ListObjectsV2CommandInput, size: number) {
  const shownAfter = decodeToken(input.ContinuationToken);
  const start = input.StartAfter ?? '';
  const after = compareKeys(shownAfter, start) > 0 ? shownAfter : start;
  const keys = currentOf(bucket, keysAfter(bucket, input.Prefix, after));
  const page: Entry[] = [];
  for (const entry of grouped(keys, input.Prefix, input.Delimiter)) {
    // A common prefix is before the keys that it stands for.
    if (entry.name === shownAfter) continue;
    if (page.length === size) return { page, isTruncated: size > 0 };
    page.push(entry);
  }
  return { page, isTruncated: false };
}

function* currentOf(bucket: Bucket, keys: Iterable<string>): Generator<string> {
  for (const key of keys) if (currentVersion(bucket, key)) yield key;
}

/** Opaque to clients, as on AWS, so that nobody constructs one. */
function encodeToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function decodeToken(token: string | undefined): string {
  return Buffer.from(token ?? '', 'base64url').toString();
}

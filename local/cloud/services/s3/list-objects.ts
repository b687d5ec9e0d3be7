import type { ListObjectsV2CommandInput, ListObjectsV2Output } from '@aws-sdk/client-s3';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { encoding, grouped, isAfter, largestPage } from './grouping.ts';
import { bucketOf, currentVersion, type S3State, sortedKeys } from './state.ts';

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
  const shownAfter = decodeToken(input.ContinuationToken);
  const keys = sortedKeys(bucket).filter(
    (key) => currentVersion(bucket, key) && isAfter(key, input.StartAfter ?? ''),
  );
  const rest = grouped(keys, input.Prefix, input.Delimiter).filter(({ name }) =>
    isAfter(name, shownAfter),
  );
  const page = rest.slice(0, size);
  const isTruncated = size > 0 && rest.length > size;
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

/** Opaque to clients, as on AWS, so that nobody constructs one. */
function encodeToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function decodeToken(token: string | undefined): string {
  return Buffer.from(token ?? '', 'base64url').toString();
}

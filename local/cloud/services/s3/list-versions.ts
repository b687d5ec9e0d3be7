import type { ListObjectVersionsCommandInput, ListObjectVersionsOutput } from '@aws-sdk/client-s3';
import type { Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { type Entry, encoding, grouped, largestPage } from './grouping.ts';
import {
  type Bucket,
  bucketOf,
  compareKeys,
  keysAfter,
  type ObjectVersion,
  type S3State,
} from './state.ts';

/** One line of the listing: a version of a key, or a common prefix, which has no version. */
type Row = Entry & { readonly version: ObjectVersion | null; readonly isLatest: boolean };

export function listObjectVersions(
  state: S3State,
  input: ListObjectVersionsCommandInput,
  call: Call,
): ListObjectVersionsOutput {
  supportOnly('ListObjectVersions', input, [
    'Bucket',
    'Prefix',
    'Delimiter',
    'MaxKeys',
    'KeyMarker',
    'VersionIdMarker',
    'EncodingType',
    'ExpectedBucketOwner',
  ]);
  const bucket = bucketOf(state, input, call);
  const encode = encoding(input.EncodingType);
  const rows = rowsOf(bucket, input);
  const start = startOf(rows, input);
  const size = Math.min(input.MaxKeys ?? largestPage, largestPage);
  const page = rows.slice(start, start + size);
  const last = page.at(-1);
  return {
    Name: bucket.name,
    Prefix: encode(input.Prefix ?? ''),
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    ...(input.KeyMarker ? { KeyMarker: encode(input.KeyMarker) } : {}),
    MaxKeys: size,
    IsTruncated: Boolean(last) && rows.length > start + size,
    ...(last && rows.length > start + size
      ? { NextKeyMarker: encode(last.name), NextVersionIdMarker: last.version?.versionId }
      : {}),
    Versions: page.flatMap((row) =>
      row.version && !row.version.deleteMarker
        ? { ...shown(row, row.version, encode), ...content(row.version) }
        : [],
    ),
    DeleteMarkers: page.flatMap((row) =>
      row.version?.deleteMarker ? shown(row, row.version, encode) : [],
    ),
    CommonPrefixes: page.flatMap((row) => (row.isPrefix ? { Prefix: encode(row.name) } : [])),
  };
}

function rowsOf(bucket: Bucket, input: ListObjectVersionsCommandInput): Row[] {
  const keys = keysAfter(bucket, input.Prefix);
  const entries = grouped(keys, input.Prefix, input.Delimiter);
  return [...entries].flatMap((entry): Row[] => {
    if (entry.isPrefix) return [{ ...entry, version: null, isLatest: false }];
    const versions = bucket.keys.get(entry.name) ?? [];
    return versions.map((version, index) => ({ ...entry, version, isLatest: index === 0 }));
  });
}

function startOf(rows: readonly Row[], input: ListObjectVersionsCommandInput): number {
  const { KeyMarker: key, VersionIdMarker: versionId } = input;
  if (key === undefined) return 0;
  const exact = rows.findIndex((row) => row.name === key && row.version?.versionId === versionId);
  if (versionId !== undefined && exact >= 0) return exact + 1;
  const next = rows.findIndex(({ name }) => compareKeys(name, key) > 0);
  return next < 0 ? rows.length : next;
}

function shown(row: Row, version: ObjectVersion, encode: (text: string) => string) {
  return {
    Key: encode(row.name),
    VersionId: version.versionId,
    IsLatest: row.isLatest,
    LastModified: version.lastModified,
  };
}

function content(version: ObjectVersion) {
  return {
    ETag: version.etag,
    Size: version.body.byteLength,
    StorageClass: 'STANDARD' as const,
  };
}

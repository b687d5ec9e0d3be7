import type { GetObjectCommandInput, HeadObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { crc32Of } from './checksums.ts';
import { checkRead, noSuchKey } from './conditions.ts';
import {
  type Bucket,
  bucketOf,
  currentVersion,
  keyOf,
  type ObjectVersion,
  type S3State,
  shownVersionId,
} from './state.ts';

export function getObject(state: S3State, input: GetObjectCommandInput, call: Call): object {
  const version = readVersion(state, 'GetObject', input, call);
  return { ...readHeaders(state, input, version, call), Body: version.body };
}

export function headObject(state: S3State, input: HeadObjectCommandInput, call: Call): object {
  return readHeaders(state, input, readVersion(state, 'HeadObject', input, call), call);
}

function readVersion(
  state: S3State,
  operation: 'GetObject' | 'HeadObject',
  input: GetObjectCommandInput,
  call: Call,
): ObjectVersion {
  supportOnly(operation, input, [
    'Bucket',
    'Key',
    'VersionId',
    'ChecksumMode',
    'IfMatch',
    'IfNoneMatch',
    'ExpectedBucketOwner',
  ]);
  const bucket = bucketOf(state, input, call);
  const version = versionOf(bucket, keyOf(input), input.VersionId);
  checkRead(input, version);
  return version;
}

export function versionOf(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): ObjectVersion {
  if (versionId === undefined) {
    const current = currentVersion(bucket, key);
    if (!current) throw noSuchKey();
    return current;
  }
  const version = bucket.keys.get(key)?.find((it) => it.versionId === versionId);
  if (!version) throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  if (version.deleteMarker) {
    throw new AwsError('MethodNotAllowed', 'A delete marker cannot be read.', 405);
  }
  return version;
}

function readHeaders(
  state: S3State,
  input: GetObjectCommandInput,
  version: ObjectVersion,
  call: Call,
): object {
  return {
    ContentType: 'binary/octet-stream',
    ...version.headers,
    ETag: version.etag,
    LastModified: version.lastModified,
    ContentLength: version.body.byteLength,
    ...shownVersionId(bucketOf(state, input, call), version),
    ...(input.ChecksumMode === 'ENABLED'
      ? { ChecksumCRC32: crc32Of(version.body), ChecksumType: 'FULL_OBJECT' }
      : {}),
  };
}

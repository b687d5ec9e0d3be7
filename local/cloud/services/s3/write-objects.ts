import { createHash } from 'node:crypto';
import type {
  CopyObjectCommandInput,
  CopyObjectOutput,
  DeleteObjectCommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { verifyChecksums } from './checksums.ts';
import { checkDelete, checkRead, checkWrite } from './conditions.ts';
import { versionOf } from './read-objects.ts';
import { withDefaultEncryption } from './settings.ts';
import {
  addVersion,
  type Bucket,
  bucketOf,
  currentVersion,
  keyOf,
  nextVersionId,
  type ObjectHeaders,
  type ObjectVersion,
  removeKey,
  removeVersion,
  type S3State,
  shownVersionId,
} from './state.ts';

/** The ETag and version of a write, which go into the headers of the answer. */
type Written = { readonly ETag: string; readonly VersionId?: string };

const contentHeaders = [
  'ContentType',
  'ContentEncoding',
  'CacheControl',
  'ContentDisposition',
  'ContentLanguage',
  'Metadata',
  'ServerSideEncryption',
  'SSEKMSKeyId',
] as const;

export function putObject(state: S3State, input: PutObjectCommandInput, call: Call): object {
  supportOnly('PutObject', input, [
    'Bucket',
    'Key',
    'Body',
    'ContentLength',
    'ContentMD5',
    'ChecksumAlgorithm',
    'ChecksumCRC32',
    'ChecksumSHA1',
    'ChecksumSHA256',
    'IfMatch',
    'IfNoneMatch',
    'ExpectedBucketOwner',
    ...contentHeaders,
  ]);
  const bucket = bucketOf(state, input, call);
  const key = keyOf(input);
  const body = (input.Body as Uint8Array | undefined) ?? new Uint8Array();
  verifyChecksums(input, body);
  checkWrite(input, currentVersion(bucket, key));
  const headers = withDefaultEncryption(bucket, headersOf(input));
  const written = write(state, bucket, key, body, headers);
  return {
    ...written,
    ...encryptionOf(headers),
    ...(input.ChecksumCRC32
      ? { ChecksumCRC32: input.ChecksumCRC32, ChecksumType: 'FULL_OBJECT' }
      : {}),
  };
}

export function deleteObject(state: S3State, input: DeleteObjectCommandInput, call: Call): object {
  supportOnly('DeleteObject', input, [
    'Bucket',
    'Key',
    'VersionId',
    'IfMatch',
    'ExpectedBucketOwner',
  ]);
  const bucket = bucketOf(state, input, call);
  const key = keyOf(input);
  if (input.VersionId !== undefined) {
    const version = bucket.keys.get(key)?.find((it) => it.versionId === input.VersionId);
    checkDelete(input.IfMatch, version ?? null);
    removeVersion(bucket, key, input.VersionId);
    return {
      VersionId: input.VersionId,
      ...(version?.deleteMarker ? { DeleteMarker: true } : {}),
    };
  }
  checkDelete(input.IfMatch, currentVersion(bucket, key));
  if (!bucket.versioning) {
    removeKey(bucket, key);
    return {};
  }
  const marker: ObjectVersion = {
    versionId: nextVersionId(bucket),
    deleteMarker: true,
    body: new Uint8Array(),
    etag: '',
    lastModified: state.clock.now(),
    headers: {},
  };
  addVersion(bucket, key, marker);
  return { DeleteMarker: true, VersionId: marker.versionId };
}

export function copyObject(
  state: S3State,
  input: CopyObjectCommandInput,
  call: Call,
): CopyObjectOutput {
  supportOnly('CopyObject', input, [
    'Bucket',
    'Key',
    'CopySource',
    'CopySourceIfMatch',
    'MetadataDirective',
    'ChecksumAlgorithm',
    'IfMatch',
    'IfNoneMatch',
    'ExpectedBucketOwner',
    ...contentHeaders,
  ]);
  const bucket = bucketOf(state, input, call);
  const key = keyOf(input);
  const source = copySourceOf(state, input, call);
  checkWrite(input, currentVersion(bucket, key));
  const given = headersOf(input);
  // Encryption is not copied: "the target object will be encrypted with the default of its bucket".
  const { ServerSideEncryption: _, SSEKMSKeyId: __, ...copied } = source.headers;
  const headers = withDefaultEncryption(
    bucket,
    input.MetadataDirective === 'REPLACE' ? given : { ...copied, ...encryptionOf(given) },
  );
  const { ETag, VersionId } = write(state, bucket, key, source.body, headers);
  return {
    ...(VersionId ? { VersionId } : {}),
    CopySourceVersionId: source.versionId,
    CopyObjectResult: { ETag, LastModified: state.clock.now() },
  };
}

function write(
  state: S3State,
  bucket: Bucket,
  key: string,
  body: Uint8Array,
  headers: ObjectHeaders,
): Written {
  const versionId = nextVersionId(bucket);
  const hash = createHash('md5').update(body);
  // With SSE-KMS an ETag is no MD5 of the body, so code that computes it must fail here too.
  if (headers.ServerSideEncryption === 'aws:kms') hash.update(crypto.randomUUID());
  const version: ObjectVersion = {
    versionId,
    deleteMarker: false,
    body: Uint8Array.from(body),
    etag: `"${hash.digest('hex')}"`,
    lastModified: state.clock.now(),
    headers,
  };
  addVersion(bucket, key, version);
  return { ETag: version.etag, ...shownVersionId(bucket, version) };
}

/** `bucket/key?versionId=…`, percent-encoded, with or without a slash before it. */
function copySourceOf(state: S3State, input: CopyObjectCommandInput, call: Call): ObjectVersion {
  const [, name, path, versionId] =
    /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/s.exec(input.CopySource ?? '') ?? [];
  if (!name || !path) throw new AwsError('InvalidArgument', 'Invalid copy source.');
  // The source may be a bucket of another region: only here does S3 look there itself.
  const source = state.buckets.get(name);
  const bucket = bucketOf(
    state,
    { Bucket: name },
    { ...call, region: source?.region ?? call.region },
  );
  const version = versionOf(bucket, decodeURIComponent(path), versionId);
  checkRead({ IfMatch: input.CopySourceIfMatch, IfNoneMatch: undefined }, version);
  return version;
}

function headersOf(input: PutObjectCommandInput | CopyObjectCommandInput): ObjectHeaders {
  const given = contentHeaders.map((name) => [name, input[name]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as ObjectHeaders;
}

function encryptionOf({ ServerSideEncryption, SSEKMSKeyId }: ObjectHeaders): ObjectHeaders {
  return {
    ...(ServerSideEncryption ? { ServerSideEncryption } : {}),
    ...(SSEKMSKeyId ? { SSEKMSKeyId } : {}),
  };
}

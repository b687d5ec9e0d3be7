import type {
  CopyObjectCommandInput,
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  HeadObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { placelessArnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { ObjectEncryption, Resources } from '../resources.ts';
import { keyNamed, keyUse } from './keys.ts';
import { type AccessRequest, given, onAll, type Row, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export const s3Table: Table = {
  CreateBucket: ({ Bucket = '' }: { Bucket?: string }, asker) => [
    { action: 's3:CreateBucket', resource: arnIn(asker, Bucket) },
  ],
  DeleteBucket: onBucket('s3:DeleteBucket'),
  HeadBucket: onBucket('s3:ListBucket'),
  ListBuckets: onAll('s3:ListAllMyBuckets'),
  PutBucketVersioning: onBucket('s3:PutBucketVersioning'),
  ListObjectsV2: onBucket('s3:ListBucket'),
  ListObjectVersions: onBucket('s3:ListBucketVersions'),
  GetObject: inBucket((input: GetObjectCommandInput, asker, resources) => [
    ...reading(input, asker, resources),
    ...decrypting(input, asker, resources),
  ]),
  HeadObject: inBucket((input: HeadObjectCommandInput, asker, resources) => [
    ...reading(input, asker, resources),
    // HEAD returns nothing encrypted except the checksum (API_HeadObject.html, "Permissions").
    ...(input.ChecksumMode === 'ENABLED' ? decrypting(input, asker, resources) : []),
  ]),
  PutObject: inBucket((input: PutObjectCommandInput, asker, resources) => [
    ...writing(input, asker),
    ...encrypting(input, asker, resources),
  ]),
  CopyObject: inBucket((input: CopyObjectCommandInput, asker, resources) => {
    const source = sourceOf(input);
    return [
      ...inBucket(reading)(source, asker, resources),
      ...decrypting(source, asker, resources),
      ...writing(input, asker, given({ 's3:x-amz-copy-source': input.CopySource })),
      ...encrypting(input, asker, resources),
    ];
  }),
  DeleteObject: inBucket((input: DeleteObjectCommandInput, asker) => {
    const { VersionId, IfMatch } = input;
    const resource = objectArn(input, asker);
    return [
      VersionId === undefined
        ? { action: 's3:DeleteObject', resource, context: given({ 's3:if-match': IfMatch }) }
        : { action: 's3:DeleteObjectVersion', resource, context: version(VersionId) },
      // Needed with an ETag; `*` says nothing about the object (conditional-deletes.html).
      ...(IfMatch !== undefined && IfMatch !== '*' ? [{ action: 's3:GetObject', resource }] : []),
    ];
  }),
};

type Named = { readonly Bucket?: string | undefined; readonly Key?: string | undefined };
type Versioned = Named & { readonly VersionId?: string | undefined };

/** S3 looks for the bucket before it checks rights: everybody gets `NoSuchBucket`. */
function inBucket(row: Row): Row {
  return (input: Named, asker, resources) => {
    const owner = resources.bucketOwner(input.Bucket ?? '');
    if (owner === null) return [];
    return row(input, asker, resources).map((request) => ({ owner, ...request }));
  };
}

function onBucket(action: string): Row {
  return inBucket((input: ListObjectsV2CommandInput, asker) => [
    {
      action,
      resource: arnIn(asker, input.Bucket ?? ''),
      context: given({
        's3:prefix': input.Prefix,
        's3:delimiter': input.Delimiter,
        's3:max-keys': input.MaxKeys,
      }),
    },
  ]);
}

/** "If the object that you request doesn't exist": 404 with s3:ListBucket, 403 without (API_GetObject.html). */
function reading(input: Versioned, asker: Asker, resources: Resources): AccessRequest[] {
  const { Bucket = '', Key = '', VersionId } = input;
  const resource = objectArn(input, asker);
  const read =
    VersionId === undefined
      ? { action: 's3:GetObject', resource }
      : { action: 's3:GetObjectVersion', resource, context: version(VersionId) };
  if (resources.objectAt(Bucket, Key, VersionId)) return [read];
  const listed = {
    action: 's3:ListBucket',
    resource: arnIn(asker, Bucket),
    // Not documented. Others have seen on AWS that a right to list the key's prefix is enough (ceph/ceph pull 68577).
    context: { 's3:prefix': Key },
  };
  return [read, listed];
}

function writing(
  input: PutObjectCommandInput | CopyObjectCommandInput,
  asker: Asker,
  more = {},
): AccessRequest[] {
  const resource = objectArn(input, asker);
  const context = {
    ...given({
      's3:if-match': input.IfMatch,
      's3:if-none-match': input.IfNoneMatch,
      's3:x-amz-server-side-encryption': input.ServerSideEncryption,
      's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
    }),
    ...more,
  };
  return [
    { action: 's3:PutObject', resource, context },
    // Whether it matches reveals something about the object (conditional-writes.html, "Permissions").
    ...(input.IfMatch === undefined ? [] : [{ action: 's3:GetObject', resource }]),
  ];
}

function encrypting(input: PutObjectCommandInput, asker: Asker, resources: Resources) {
  return objectKeyUse('GenerateDataKey', input, encryptionIn(input), asker, resources);
}

function decrypting(input: Versioned, asker: Asker, resources: Resources) {
  const found = resources.objectAt(input.Bucket ?? '', input.Key ?? '', input.VersionId);
  return found ? objectKeyUse('Decrypt', input, found, asker, resources) : [];
}

function encryptionIn(input: PutObjectCommandInput | CopyObjectCommandInput): ObjectEncryption {
  return { algorithm: input.ServerSideEncryption, keyId: input.SSEKMSKeyId, bucketKey: false };
}

/** Without encryption headers, an object gets its bucket's default encryption. */
function objectKeyUse(
  action: 'Decrypt' | 'GenerateDataKey',
  input: Named,
  { algorithm, keyId, bucketKey }: ObjectEncryption,
  asker: Asker,
  resources: Resources,
): AccessRequest[] {
  const bucket = arnIn(asker, input.Bucket ?? '');
  const byDefault = resources.encryptionOf(bucket);
  const isDefault = algorithm === undefined;
  const key = isDefault ? byDefault.key : keyNamed(keyId, asker, resources);
  // "If you use S3 Bucket Keys, the encryption context is the bucket's ARN" (UsingKMSEncryption.html).
  const isOfBucket = isDefault ? byDefault.bucketKey : bucketKey;
  const context = isOfBucket ? bucket : objectArn(input, asker);
  return keyUse(
    { key, actions: [action], via: 's3', encryptionContext: { 'aws:s3:arn': context } },
    asker,
    // The bucket's owner need not own the key.
  ).map((request) => ({ ...request, owner: request.resource.split(':')[4] ?? '' }));
}

function version(id: string) {
  return { 's3:versionid': id };
}

/** `bucket/key?versionId=…`, percent-encoded, with or without a slash before it. */
function sourceOf({ CopySource = '' }: CopyObjectCommandInput): Versioned {
  const [, Bucket, Key = '', VersionId] =
    /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/s.exec(CopySource) ?? [];
  return { Bucket, Key: decodeURIComponent(Key), VersionId };
}

function objectArn({ Bucket = '', Key = '' }: Named, asker: Asker): string {
  return arnIn(asker, `${Bucket}/${Key}`);
}

/** ARNs of buckets contain neither region nor account. */
function arnIn(asker: Asker, resource: string): string {
  return placelessArnOf('s3', asker, resource);
}

import type { ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import type { Call } from '../../wire/service.ts';
import { type Bucket, bucketOf, type ObjectHeaders, type S3State } from './state.ts';

/** PutBucketEncryption, as a deployment does it. */
export function configureBucket(
  state: S3State,
  asked: { readonly Bucket: string },
  encryption: ServerSideEncryptionRule | undefined,
  call: Call,
): void {
  bucketOf(state, asked, call).encryption = encryption;
}

/** An object gets its bucket's encryption unless its writer chooses another. */
export function withDefaultEncryption(bucket: Bucket, headers: ObjectHeaders): ObjectHeaders {
  const { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled } =
    bucket.encryption ?? {};
  if (!byDefault || headers.ServerSideEncryption) return headers;
  return {
    ...headers,
    ServerSideEncryption: byDefault.SSEAlgorithm as 'AES256' | 'aws:kms',
    SSEKMSKeyId: byDefault.KMSMasterKeyID,
    BucketKeyEnabled,
  };
}

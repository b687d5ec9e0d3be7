import type {
  GetBucketEncryptionCommandInput,
  GetBucketLifecycleConfigurationCommandInput,
  GetPublicAccessBlockCommandInput,
} from '@aws-sdk/client-s3';
import { AwsError, type Call } from '../../wire/service.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { type Bucket, bucketOf, type ObjectHeaders, type S3State } from './state.ts';

/** A bucket's settings in a deployment. Only the encryption affects objects; the rest is stored and shown. */
/** PutBucketEncryption, PutBucketLifecycleConfiguration and PutPublicAccessBlock in one. */
export function configureBucket(
  state: S3State,
  asked: { readonly Bucket: string },
  settings: BucketSettings,
  call: Call,
): void {
  bucketOf(state, asked, call).settings = settings;
}

export function getBucketEncryption(
  state: S3State,
  input: GetBucketEncryptionCommandInput,
  call: Call,
): object {
  const { encryption } = bucketOf(state, input, call).settings;
  // "Amazon S3 applies server-side encryption with Amazon S3 managed keys as the base level of encryption for every bucket".
  const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } };
  return { ServerSideEncryptionConfiguration: { Rules: [encryption ?? byDefault] } };
}

export function getBucketLifecycleConfiguration(
  state: S3State,
  input: GetBucketLifecycleConfigurationCommandInput,
  call: Call,
): object {
  const { lifecycle } = bucketOf(state, input, call).settings;
  if (lifecycle) return { Rules: lifecycle };
  throw new AwsError(
    'NoSuchLifecycleConfiguration',
    'The lifecycle configuration does not exist',
    404,
  );
}

export function getPublicAccessBlock(
  state: S3State,
  input: GetPublicAccessBlockCommandInput,
  call: Call,
): object {
  const { publicAccess } = bucketOf(state, input, call).settings;
  // Since April 2023 new buckets block all public access by default.
  const all = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  return { PublicAccessBlockConfiguration: publicAccess ?? all };
}

/** An object gets its bucket's encryption unless its writer chooses another. */
export function withDefaultEncryption(bucket: Bucket, headers: ObjectHeaders): ObjectHeaders {
  const { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled } =
    bucket.settings.encryption ?? {};
  if (!byDefault || headers.ServerSideEncryption) return headers;
  return {
    ...headers,
    ServerSideEncryption: byDefault.SSEAlgorithm as 'AES256' | 'aws:kms',
    SSEKMSKeyId: byDefault.KMSMasterKeyID,
    BucketKeyEnabled,
  };
}

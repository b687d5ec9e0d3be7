import type {
  LifecycleRule,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
} from '@aws-sdk/client-s3';

export type BucketSettings = {
  readonly encryption?: ServerSideEncryptionRule | undefined;
  readonly lifecycle?: readonly LifecycleRule[] | undefined;
  readonly publicAccess?: PublicAccessBlockConfiguration | undefined;
};

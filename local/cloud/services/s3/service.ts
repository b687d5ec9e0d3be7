import * as module from '@aws-sdk/client-s3';
import type { Clock } from '../../clock.ts';
import type { Call, Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import {
  createBucket,
  deleteBucket,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from './buckets.ts';
import { listObjectsV2 } from './list-objects.ts';
import { listObjectVersions } from './list-versions.ts';
import { getObject, headObject } from './read-objects.ts';
import { configureBucket } from './settings.ts';
import { currentVersion, type ObjectVersion, type S3State } from './state.ts';
import { afterUpload } from './uploads.ts';
import { copyObject, deleteObject, putObject } from './write-objects.ts';

export type S3 = {
  readonly operations: Operations;
  /** Sets the encryption of what is written without one of its own, as a deployment does. */
  configure(
    bucket: string,
    encryption: module.ServerSideEncryptionRule | undefined,
    call: Call,
  ): void;
  /** The account that owns a bucket; null where it does not exist. */
  ownerOf(bucket: string): string | null;
  /** The keys that a listing shows, without those behind a delete marker. */
  keysOf(bucket: string): readonly string[];
  /** The current bytes of an object; null where there is none. */
  bytesOf(bucket: string, key: string): Uint8Array | null;
  /** Every version of a key, delete markers included, newest first. */
  versionsOf(bucket: string, key: string): readonly ObjectVersion[];
};

/** S3 with versioning and conditional writes; reads are strongly consistent, as on AWS. */
export function s3({ clock }: { readonly clock: Clock }): S3 {
  const state: S3State = { clock, buckets: new Map() };
  return {
    operations: {
      CreateBucket: (input, call) => createBucket(state, input, call),
      DeleteBucket: (input, call) => deleteBucket(state, input, call),
      HeadBucket: (input, call) => headBucket(state, input, call),
      ListBuckets: (_, call) => listBuckets(state, call),
      PutBucketVersioning: (input, call) => putBucketVersioning(state, input, call),
      PutObject: (input, call) =>
        afterUpload(state, input, call, () => putObject(state, input, call)),
      GetObject: (input, call) => getObject(state, input, call),
      HeadObject: (input, call) => headObject(state, input, call),
      DeleteObject: (input, call) => deleteObject(state, input, call),
      CopyObject: (input, call) =>
        afterUpload(state, input, call, () => copyObject(state, input, call)),
      ListObjectsV2: (input, call) => listObjectsV2(state, input, call),
      ListObjectVersions: (input, call) => listObjectVersions(state, input, call),
    },
    configure: (Bucket, encryption, call) => configureBucket(state, { Bucket }, encryption, call),
    ownerOf: (name) => state.buckets.get(name)?.account ?? null,
    keysOf(name) {
      const bucket = state.buckets.get(name);
      return bucket ? bucket.sorted.filter((key) => currentVersion(bucket, key)) : [];
    },
    bytesOf(name, key) {
      const bucket = state.buckets.get(name);
      return (bucket && currentVersion(bucket, key)?.body) ?? null;
    },
    versionsOf: (name, key) => state.buckets.get(name)?.keys.get(key) ?? [],
  };
}

export function s3Service(service: S3): RunningService {
  return serviceOf('s3', module, module.S3Client, service.operations);
}

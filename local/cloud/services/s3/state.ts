import type { ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import type { Clock } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';

/** One version of an object, or a delete marker. */
export type ObjectVersion = {
  /** The text `null` where the bucket was not versioned at the time of the write. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly body: Uint8Array;
  /** Includes the quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly headers: ObjectHeaders;
};

export type ObjectHeaders = {
  readonly ContentType?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
  readonly ServerSideEncryption?: 'AES256' | 'aws:kms' | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
};

export type Bucket = {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly createdAt: Date;
  versioning: 'Enabled' | 'Suspended' | undefined;
  encryption: ServerSideEncryptionRule | undefined;
  /** The versions of each key, newest first. */
  readonly keys: Map<string, ObjectVersion[]>;
  /** The keys in the order of listings. */
  readonly sorted: string[];
};

export type S3State = { readonly clock: Clock; readonly buckets: Map<string, Bucket> };

/** Finds a bucket. Its name is global, but it is in one region and belongs to one account. */
export function bucketOf(
  state: S3State,
  asked: {
    readonly Bucket?: string | undefined;
    readonly ExpectedBucketOwner?: string | undefined;
  },
  call: Call,
): Bucket {
  const { Bucket: name = '', ExpectedBucketOwner: expectedOwner = call.account } = asked;
  const bucket = state.buckets.get(name);
  if (!bucket) {
    throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${name}`, 404);
  }
  if (bucket.account !== call.account || bucket.account !== expectedOwner) {
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  }
  if (bucket.region !== call.region) {
    // A client finds the bucket by this header ("always return the bucket's location through an HTTP response header",
    // API_GetBucketLocation.html); without it, the aws command line asks for ever.
    throw new AwsError(
      'PermanentRedirect',
      `The bucket ${name} is in ${bucket.region}, not in ${call.region}.`,
      301,
      { 'x-amz-bucket-region': bucket.region },
    );
  }
  return bucket;
}

/** The current version; null where there is none or the newest is a delete marker. */
export function currentVersion(bucket: Bucket, key: string): ObjectVersion | null {
  const newest = bucket.keys.get(key)?.[0];
  return newest && !newest.deleteMarker ? newest : null;
}

export function addVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
  const known = bucket.keys.get(key);
  const kept = (known ?? []).filter(({ versionId }) => versionId !== version.versionId);
  bucket.keys.set(key, [version, ...kept]);
  if (!known) bucket.sorted.splice(placeOf(bucket, key), 0, key);
}

export function removeVersion(bucket: Bucket, key: string, versionId: string): void {
  const kept = (bucket.keys.get(key) ?? []).filter((version) => version.versionId !== versionId);
  if (kept.length > 0) bucket.keys.set(key, kept);
  else removeKey(bucket, key);
}

export function removeKey(bucket: Bucket, key: string): void {
  if (bucket.keys.delete(key)) bucket.sorted.splice(placeOf(bucket, key), 1);
}

export function nextVersionId(bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? crypto.randomUUID().replaceAll('-', '') : 'null';
}

/** Answers contain a version id only where the bucket was ever versioned. */
export function shownVersionId(bucket: Bucket, version: ObjectVersion): { VersionId?: string } {
  return bucket.versioning ? { VersionId: version.versionId } : {};
}

/** The keys with that prefix, those up to `after` left out. */
export function* keysAfter(bucket: Bucket, prefix = '', after = ''): Generator<string> {
  const from = compareKeys(prefix, after) > 0 ? prefix : after;
  for (let at = placeOf(bucket, from); at < bucket.sorted.length; at += 1) {
    const key = bucket.sorted[at] as string;
    if (key.startsWith(prefix)) {
      if (key !== after) yield key;
    } else if (compareKeys(key, prefix) > 0) return;
  }
}

/** The index of the first key that is not before this one. */
function placeOf({ sorted }: Bucket, key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(sorted[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** S3 lists keys by their UTF-8 bytes, which differs from JavaScript's order beyond the basic plane. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

export function keyOf({ Key: key }: { Key?: string | undefined }): string {
  if (!key) throw new AwsError('InvalidArgument', 'The key is missing.');
  if (Buffer.byteLength(key) > 1024) {
    throw new AwsError('KeyTooLongError', 'Your key is too long');
  }
  return key;
}

import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { errorName } from '#shared/errors.ts';
import { readStart } from '#shared/http/read-bounded.ts';
import {
  mostBytes,
  type ObjectPage,
  type ObjectStore,
  ObjectTooLarge,
} from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { onlyAfter, type Retries, retry } from '#shared/time/waiting.ts';
import { readingNames } from './s3-listing.ts';
import { plainReads } from './s3-plain-reads.ts';

type S3Options = {
  readonly client: S3Client;
  readonly bucket: string;
  /** The account that must own the bucket: after a deletion, anybody may create a bucket of that name. */
  readonly owner: string;
  readonly clock: Clock;
};

/**
 * The objects of one bucket. Every call names the expected owner
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html); S3 answers 403 for somebody else's
 * bucket.
 */
export function s3ObjectStore(options: S3Options): ObjectStore {
  const { client } = options;
  const at = placeOf(options);
  const reads = plainReads(client);
  return {
    get: (key, most = mostBytes.small) => get({ ...options, reads }, key, most),
    async put(Key, body, ContentType) {
      // The SDK treats an empty string as a stream of unknown length and warns on the console.
      const Body = Buffer.from(body);
      await client.send(new PutObjectCommand({ ...at, Key, Body, ContentType }));
    },
    putIf: (key, body, etag) => putIf(options, key, body, etag),
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ ...at, Key }));
    },
    folders: (prefix) => folders(options, prefix),
    page: (prefix, after) => page(options, prefix, after),
  };
}

function placeOf({ bucket, owner }: Pick<S3Options, 'bucket' | 'owner'>) {
  return { Bucket: bucket, ExpectedBucketOwner: owner };
}

type ReadOptions = S3Options & { readonly reads: ReturnType<typeof plainReads> };

async function get(options: ReadOptions, key: string, most: number) {
  const answer = (await options.reads.get(key)) ?? (await askedBySdk(options, key));
  if (answer === 'missing') return null;
  const { body, etag, length, modifiedAt } = answer;
  if (!(body instanceof Readable) || !etag) {
    throw new Error(`s3: ${key} came without a body or an ETag`);
  }
  const tooLarge = { bytes: length, most, etag };
  // An unread body would keep its connection busy.
  if (length !== null && length > most) body.destroy();
  const read = body.destroyed ? null : await readStart(body, most);
  if (!read?.isWhole) throw new ObjectTooLarge(key, tooLarge);
  return { body: read.bytes, etag, ...(modifiedAt && { modifiedAt }) };
}

async function askedBySdk({ client, reads, ...options }: ReadOptions, Key: string) {
  try {
    const command = new GetObjectCommand({ ...placeOf(options), Key });
    reads.learn(command, Key);
    const { Body, ContentLength, ETag, LastModified } = await client.send(command);
    return { body: Body, etag: ETag, length: ContentLength ?? null, modifiedAt: LastModified };
  } catch (error) {
    if (errorName(error) === 'NoSuchKey') return 'missing';
    throw error;
  }
}

/** Another conditional write is under way: 0.1 + 0.2 + 0.4 + 0.8 = 1.5 s in all. */
const whileOverlapping: Retries = {
  waitsMs: [100, 200, 400, 800],
  waitFor: onlyAfter((error) => errorName(error) === 'ConditionalRequestConflict'),
};

/**
 * S3 answers 412 to a lost race, 404 to If-Match for a missing object, and 409 while another conditional write is in
 * progress, whose outcome is still open. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
async function putIf(
  options: S3Options,
  Key: string,
  Body: string,
  etag: string | null,
): ReturnType<ObjectStore['putIf']> {
  const { client, clock } = options;
  const condition = etag === null ? { IfNoneMatch: '*' } : { IfMatch: etag };
  const ContentType = 'application/json';
  const input = { ...placeOf(options), Key, Body, ContentType, ...condition };
  try {
    const { ETag } = await retry(clock, whileOverlapping, () =>
      client.send(new PutObjectCommand(input)),
    );
    if (!ETag) throw new Error(`s3: the answer to writing ${Key} came without an ETag`);
    return { outcome: 'written', etag: ETag };
  } catch (error) {
    const name = errorName(error);
    const isLost = ['PreconditionFailed', 'ConditionalRequestConflict'].includes(name);
    if (isLost || (name === 'NoSuchKey' && etag !== null)) return { outcome: 'conflict' };
    throw error;
  }
}

/** Sends one request per thousand names, however many objects are below them. */
async function folders(options: S3Options, Prefix: string) {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      ...placeOf(options),
      Prefix,
      Delimiter: '/',
      ...(token && { ContinuationToken: token }),
    });
    const read = readingNames(command);
    const { CommonPrefixes = [], NextContinuationToken } = await options.client.send(command);
    const found = read()?.prefixes ?? CommonPrefixes.flatMap(({ Prefix: folder }) => folder ?? []);
    for (const folder of found) names.push(folder.slice(Prefix.length, -1));
    token = NextContinuationToken;
  } while (token);
  return names;
}

/**
 * "Amazon S3 lists objects in UTF-8 character encoding in lexicographical order", a thousand a request
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
 */
async function page(
  options: S3Options,
  Prefix: string,
  StartAfter: string | null,
): Promise<ObjectPage> {
  const after = StartAfter === null ? {} : { StartAfter };
  const command = new ListObjectsV2Command({ ...placeOf(options), Prefix, ...after });
  const read = readingNames(command);
  const { Contents = [], IsTruncated } = await options.client.send(command);
  const objects =
    read()?.objects ??
    Contents.flatMap(({ Key: key, ETag: etag }) => (key && etag ? [{ key, etag }] : []));
  return { objects, isLast: !IsTruncated };
}

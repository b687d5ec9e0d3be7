import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { sceneryClient } from 'local-cloud/operator.ts';
import type { World } from './world.ts';

/** The ledger's bucket of a world, by the hand of its operator. */
export function ledgerBucket(world: World) {
  const client = sceneryClient(world.cloud, 'us-east-1');
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const { bucket: Bucket } = world.names;

  function text(key: string): string {
    const bytes = world.cloud.s3.bytesOf(Bucket, key);
    if (!bytes) throw new Error(`there is no ${key}`);
    return Buffer.from(bytes).toString();
  }

  async function put(key: string, body: string): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
  }

  async function keys(prefix: string): Promise<readonly string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  }

  async function remove(key: string): Promise<void> {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
  }
  return { text, put, keys, remove };
}

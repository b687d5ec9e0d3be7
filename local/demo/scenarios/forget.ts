import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sceneryClient } from 'local-cloud/operator.ts';
import type { Setting } from '../setting.ts';

/** What certkeep notes of its looks, and makes anew when it is gone: without it, it looks at once. */
export const noted = {
  /** Secrets, a day long; those that are not well, an hour. */
  byCheck: 'observations/check.json',
  /** Rounds over the listeners, twenty minutes long. */
  byVerify: 'listeners/rounds.json',
} as const;

export async function forget({ cloud, config, names }: Setting, key: string): Promise<void> {
  const s3 = new S3Client(sceneryClient(cloud, config.home.region));
  await s3.send(new DeleteObjectCommand({ Bucket: names.bucket, Key: key }));
}

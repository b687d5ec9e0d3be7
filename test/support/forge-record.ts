import { S3Client } from '@aws-sdk/client-s3';
import { sceneryClient } from 'local-cloud/operator.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { World } from './world.ts';

/** Writes what somebody who may write to the bucket wants of a record, in whoever's objects that stands. */
export async function forgeRecord(
  { clock, cloud, landscape, names }: Pick<World, 'clock' | 'cloud' | 'landscape' | 'names'>,
  id: string,
  change: (record: CertificateRecord) => CertificateRecord,
): Promise<void> {
  const { account, region } = landscape.config.home;
  const client = new S3Client({ ...sceneryClient(cloud, region), forcePathStyle: true });
  const objects = s3ObjectStore({ client, bucket: names.bucket, owner: account, clock });
  await wholeLedger({ objects, clock }).update(id, change);
}

import { S3Client } from '@aws-sdk/client-s3';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { secretsOfCertificates } from '#shared/finish/sync/secrets-of-certificates.ts';
import { type SyncRequest, sync } from '#shared/finish/sync/sync.ts';
import { composeKeyReplication } from './compose/key-store.ts';
import { syncEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

export async function composeSync(foundation: Foundation): Promise<Run<SyncRequest>> {
  const { clients, clock, environment, objects } = foundation;

  function replicaOf(region: string) {
    const bucket = environment.CERTKEEP_REPLICA_BUCKETS.get(region);
    if (!bucket) throw new Error(`CERTKEEP_REPLICA_BUCKETS names no bucket for ${region}`);
    const owner = environment.CERTKEEP_ACCOUNT;
    return s3ObjectStore({ client: new S3Client(clients(region)), bucket, owner, clock });
  }

  const keyReplication = await composeKeyReplication(foundation);
  return (request) => {
    const secretsIn = secretsOfCertificates(foundation.config, keyReplication);
    const lookOf = (region: string) => s3RegionLook(objects, region);
    return sync({ ...foundation, home: objects, replicaOf, lookOf, secretsIn }, request);
  };
}

export const handler = lambdaHandler('sync', syncEvent, composeSync, { region: 'eu-west-1' });

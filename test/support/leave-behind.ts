import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient, sceneryClient } from 'local-cloud/operator.ts';
import { importCertificate, uploadCertificate } from '#local/demo/landscape/certificates.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { ssmArnPublisher } from '#shared/adapters/ssm-arn-publisher.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { certificateTag } from '#shared/deploy/import/acm.ts';
import { isPublishing } from '#shared/deploy/publish/published.ts';
import { arnParameter, managedTag } from '#shared/installation.ts';
import type { AcmImport } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { parsePlaceKey } from '#shared/place.ts';
import type { World } from './world.ts';

/** A certificate in the store of a place, its parameter where it is ACM, and its entry in the record, as a deploy there has left them. */
export async function leaveBehind(
  { cloud, clock, names, landscape }: Pick<World, 'cloud' | 'clock' | 'names' | 'landscape'>,
  id: string,
  placeKey: string,
): Promise<void> {
  const place = parsePlaceKey(placeKey);
  const dnsNames = landscape.config.certificates.find((each) => each.id === id)?.names ?? [];
  const made = await makeCertificate({ names: dnsNames, now: clock.now() });
  const tags = { [certificateTag]: id, [managedTag]: names.installation };
  const { installation } = names;
  const arn = place.store
    ? await uploadCertificate(cloud, { clock, installation, place }, made, tags)
    : await importCertificate(cloud, place, made, tags);
  if (isPublishing(placeKey)) {
    const there = operatorClient(cloud, place.region, place.account);
    const publisher = ssmArnPublisher(new SSMClient(clientOptions(there)));
    await publisher.publish(arnParameter(installation, id), arn);
  }
  const home = clientOptions(sceneryClient(cloud, landscape.config.home.region));
  const objects = s3ObjectStore({
    client: new S3Client(home),
    bucket: names.bucket,
    owner: landscape.config.home.account,
    clock,
  });
  const entry: AcmImport = {
    arn,
    versionId: 'left',
    importing: null,
    previousVersionId: null,
    retired: [],
    importedAt: clock.now().toISOString(),
    publishedArn: isPublishing(placeKey) ? arn : null,
    publishFailure: null,
    leaving: null,
  };
  await s3Ledger({ objects, clock, writer: 'deploy' }).update(id, (record) => ({
    ...record,
    imports: { ...record.imports, [placeKey]: entry },
  }));
}

import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { importCertificate } from '#local/landscape/certificates.ts';
import { operatorClient } from '#local/operator.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { s3ObjectStore } from '#shared/aws/s3-object-store.ts';
import { ssmArnPublisher } from '#shared/aws/ssm-arn-publisher.ts';
import { hourMs } from '#shared/clock.ts';
import { certificateTag, managedTag } from '#shared/deploy/acm.ts';
import type { AcmImport } from '#shared/ledger/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { makeCertificate } from '#test/support/certificates.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import type { Scenario } from './scenario.ts';

const parameter = '/certkeep/shop/certificate-arn';
const places = ['123456789012/ap-southeast-2', '222222222222/eu-central-1'];

const source = `${configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
)}retired: {places: [${places}]}\n`;

/** At home and in an account where no target is any more. */
export const retired: Scenario = {
  name: 'what an earlier configuration has left in retired places is taken out',
  source,
  async run(world) {
    await world.check();
    for (const place of world.landscape.config.retired.places) await leaveBehind(world, place);
    await world.live(hourMs);
  },
  problems(world) {
    const held = world.cloud.acm.certificates().map(({ arn }) => arn);
    const { imports } = world.record('shop');
    const left = world.landscape.config.retired.places.flatMap((place) => [
      ...(place in imports ? [`${place} is in the record`] : []),
      ...(held.some((arn) => arn.startsWith(prefixOf(place))) ? [`ACM of ${place} holds it`] : []),
      ...(publishedIn(world, place) === null ? [] : [`${place} publishes it`]),
    ]);
    return [...world.denied().map((denial) => `denied: ${denial}`), ...left];
  },
};

function prefixOf(place: string): string {
  const { account, region } = parsePlaceKey(place);
  return `arn:aws:acm:${region}:${account}:`;
}

function publishedIn({ cloud }: World, place: string): string | null {
  return cloud.ssm.valueOf(parameter, parsePlaceKey(place));
}

/** A certificate in ACM, its parameter and its entry in the record, as a deploy there has left them. */
async function leaveBehind({ cloud, clock, names, landscape }: World, key: string): Promise<void> {
  const place = parsePlaceKey(key);
  const made = await makeCertificate({ names: ['example.com'], now: clock.now() });
  const tags = { [certificateTag]: 'shop', [managedTag]: names.installation };
  const arn = await importCertificate(cloud, place, made, tags);
  const there = operatorClient(cloud, place.region, place.account);
  await ssmArnPublisher(new SSMClient(clientOptions(there))).publish(parameter, arn);
  const home = clientOptions(operatorClient(cloud, landscape.config.home.region));
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
    publishedArn: arn,
    publishFailure: null,
    leaving: null,
  };
  await s3Ledger({ objects, clock }).update('shop', (record) => ({
    ...record,
    imports: { ...record.imports, [key]: entry },
  }));
}

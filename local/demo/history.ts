import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type CertificateAuthority, makeKey } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { operatorClient, sceneryClient } from 'local-cloud/operator.ts';
import { storeVersion } from '#shared/acquire/store/store.ts';
import { describeVersion } from '#shared/acquire/store/version.ts';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { ssmArnPublisher } from '#shared/adapters/ssm-arn-publisher.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import * as acmImport from '#shared/deploy/acm-import.ts';
import * as deployment from '#shared/deploy/deployment.ts';
import { attemptTag, certificateTag } from '#shared/deploy/import/acm.ts';
import { isPublishing } from '#shared/deploy/publish/published.ts';
import { arnParameter, managedTag } from '#shared/installation.ts';
import { awsSecretsClient } from '#shared/keystores/secrets-manager/client.ts';
import { secretsManagerKeyStore } from '#shared/keystores/secrets-manager/secrets-manager.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { recordKey } from '#shared/ledger/record/record-object.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { type Place, parsePlaceKey, placeKey } from '#shared/place.ts';
import { Secret } from '#shared/secret.ts';
import { loadTargets, targetMaker } from '#shared/targets/registry.ts';
import type { Target } from '#shared/targets/target.ts';
import { addMs, type Clock, dayMs } from '#shared/time/clock.ts';
import { bindAt } from './bind-at.ts';
import type { Past } from './fleet.ts';
import type { Installed } from './installed.ts';
import { importCertificate, uploadCertificate } from './landscape/certificates.ts';
import { wholeLedger } from './whole-ledger.ts';

export type SeedPorts = {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly config: Config;
  /** The CA of the certificate. */
  readonly authority: CertificateAuthority;
};

/**
 * Creates the past: a certificate that certkeep issued, stored, deployed and proved some time ago, written by the code that
 * writes it in the present.
 */
export async function seedCertificate(
  ports: SeedPorts & { readonly names: Installed },
  past: Past,
): Promise<void> {
  await keepPast(ports, await servePast(ports, past));
}

/** The visible part of the past, which needs no installation. */
export type ServedPast = {
  readonly certificate: CertificateConfig;
  readonly version: Version;
  readonly material: Material;
  readonly targets: readonly Target[];
  readonly arns: ReadonlyMap<string, string>;
};

/** Creates the part of the past in ACM, on listeners and among the parameters. */
export async function servePast(ports: SeedPorts, past: Past): Promise<ServedPast> {
  const { clock, config, cloud } = ports;
  const certificate = config.certificates.find(({ id }) => id === past.id);
  if (!certificate) throw new Error(`local: ${past.id} is not in the configuration`);
  const { version, material } = await issuePast(ports, certificate, past);
  const make = targetMaker(await loadTargets(certificate.targets.map(({ type }) => type)), {
    installation: config.installation,
    home: config.home,
    clock,
    clientOptionsFor: ({ region, account }) =>
      clientOptions(operatorClient(cloud, region, account)),
  });
  const targets = certificate.targets.map((target) => make(target, past.id));
  const arns = await deployPast(ports, past.id, version, material, targets);
  return { certificate, version, material, targets, arns };
}

/** Creates the part of the past in certkeep's buckets and secrets. */
export async function keepPast(
  ports: SeedPorts & { readonly names: Installed },
  served: ServedPast,
): Promise<void> {
  const { clock, config, cloud, names } = ports;
  const { certificate, material, version } = served;
  const { id } = certificate;
  const home = clientOptions(operatorClient(cloud, config.home.region));
  const secrets = awsSecretsClient(new SecretsManagerClient(home));
  const keyStore = secretsManagerKeyStore({
    client: secrets,
    clock,
    installation: names.installation,
    keyId: names.keyId,
    replicaRegions: config.replicas,
    showsThumbprints: false,
  });
  const objects = s3ObjectStore({
    client: new S3Client(clientOptions(sceneryClient(cloud, config.home.region))),
    bucket: names.bucket,
    owner: config.home.account,
    clock,
  });
  const ledger = wholeLedger({ objects, clock });
  const mine = heldRecord((change) => ledger.update(id, change));
  const stored = { ...material, keyPem: new Secret(material.keyPem) };
  await storeVersion({ keyStore, objects, mine, config, clock }, id, version, stored);
  const record = await mine.update((current) => withPast(current, { ...served, config, clock }));
  for (const [region, bucket] of names.replicaBuckets) {
    const replica = s3ObjectStore({
      client: new S3Client(sceneryClient(cloud, region)),
      bucket,
      owner: config.home.account,
      clock,
    });
    const keys = publicPartKeys(id, version.id);
    await replica.put(keys.certificate, material.certificatePem, 'application/x-pem-file');
    await replica.put(keys.chain, material.chainPem, 'application/x-pem-file');
    await replica.put(recordKey(id), JSON.stringify(record), 'application/json');
  }
}

type Material = {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly keyPem: string;
};

async function issuePast(
  { authority, clock }: SeedPorts,
  certificate: CertificateConfig,
  past: Past,
): Promise<{ version: Version; material: Material }> {
  const now = clock.now();
  const keyAlgorithm = past.key ?? certificate.key;
  const { publicKey, keyPem } = makeKey(keyAlgorithm);
  const notBefore = addMs(now, -past.issuedDaysAgo * dayMs);
  const issued = await authority.issue({
    names: past.names ?? certificate.names,
    publicKey,
    notBefore,
    notAfter: addMs(now, past.endsInDays * dayMs + 60_000),
  });
  const version = describeVersion(issued.certificatePem, {
    id: `seed-${past.id}`,
    keyAlgorithm,
    issuer: certificate.issuers[0] ?? '',
    orderUrl: null,
    issuedAt: notBefore.toISOString(),
  });
  return { version, material: { ...issued, keyPem } };
}

/** Imports the certificate once per place, binds it to each target there, and publishes its ARN in ACM. */
async function deployPast(
  { clock, cloud, config: { installation } }: SeedPorts,
  id: string,
  version: Version,
  material: Material,
  targets: readonly Target[],
): Promise<ReadonlyMap<string, string>> {
  const tags = { [certificateTag]: id, [attemptTag]: version.id, [managedTag]: installation };
  const arns = new Map<string, string>();
  const held = (place: Place) =>
    place.store
      ? uploadCertificate(cloud, { clock, installation, place }, material, tags)
      : importCertificate(cloud, place, material, tags);
  for (const target of targets) {
    const place = placeKey(target.place);
    const arn = arns.get(place) ?? (await held(target.place));
    arns.set(place, arn);
    await bindAt(target, arn);
  }
  for (const [place, arn] of arns) {
    if (!isPublishing(place)) continue;
    const { region, account } = parsePlaceKey(place);
    const publisher = ssmArnPublisher(new SSMClient(operatorClient(cloud, region, account)));
    await publisher.publish(arnParameter(installation, id), arn);
  }
  return arns;
}

function withPast(
  record: CertificateRecord,
  past: {
    readonly version: Version;
    readonly targets: readonly Target[];
    readonly arns: ReadonlyMap<string, string>;
    readonly config: Config;
    readonly clock: Clock;
  },
): CertificateRecord {
  const at = new Date(past.version.issuedAt);
  const versionId = past.version.id;
  const imported = [...past.arns].reduce((all, [place, arn]) => {
    const settled = acmImport.settled(all, place, { arn, versionId, at });
    return isPublishing(place) ? acmImport.published(settled, place, arn) : settled;
  }, record);
  const served = past.targets.reduce((all, { key, place }) => {
    const here = placeKey(place);
    const arn = past.arns.get(here);
    if (arn === undefined) return all;
    const deploy = { place: here, version: past.version };
    const bound = deployment.confirmed(all, deploy, { key, arn, at });
    return deployment.proven(bound, key, { at, nextProbeAt: past.clock.now() });
  }, imported);
  const replicas = past.config.replicas.map((region) => [
    region,
    { versionId, syncedAt: past.version.issuedAt, secretInSync: true, reason: null },
  ]);
  return {
    ...served,
    replicas: Object.fromEntries(replicas),
    // All events were delivered long ago.
    outbox: [],
    history: record.history.map((entry) => ({ ...entry, at: past.version.issuedAt })),
  };
}

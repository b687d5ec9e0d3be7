import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import { makeKey } from 'local-cloud/ca/x509.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { iamServerCertificates } from '#shared/deploy/import/iam/iam-client.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import { Secret } from '#shared/secret.ts';
import { addMs, type Clock, dayMs } from '#shared/time/clock.ts';
import type { Builder } from './builder.ts';

/** Somebody else's certificate for these names, from before certkeep. */
export async function importOther(
  builder: Pick<Builder, 'clock' | 'cloud' | 'others'>,
  place: Place,
  names: readonly string[],
  key: KeyAlgorithm,
  endsInDays?: number,
): Promise<string> {
  const material = await othersMaterial(builder, names, key, endsInDays);
  return importCertificate(builder.cloud, place, material);
}

/** A certificate that ACM issued and renews by itself. */
export async function issueByAmazon(
  builder: Builder,
  place: Place,
  names: readonly string[],
  key: KeyAlgorithm,
): Promise<string> {
  const material = membersOf(await othersMaterial(builder, names, key));
  return builder.cloud.acm.issued(place, material);
}

/** Uploads a certificate to IAM as an installation would have done. */
export async function uploadCertificate(
  cloud: Cloud,
  { clock, installation, place }: UploadPorts,
  material: Material,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const options = clientOptions(operatorClient(cloud, place.region, place.account));
  const iam = iamServerCertificates({ options, clock, installation, place });
  const keyPem = new Secret(material.keyPem);
  const result = await iam.import({ ...material, keyPem, arn: null, tags });
  if (result.outcome === 'imported') return result.arn;
  throw new Error(`local: ${result.detail}`);
}

type UploadPorts = {
  readonly clock: Clock;
  readonly installation: string;
  readonly place: Place;
};

type Material = {
  readonly certificatePem: string;
  readonly chainPem: string;
  readonly keyPem: string;
};

/** Not in any service. */
export async function othersMaterial(
  { clock, others }: Pick<Builder, 'clock' | 'others'>,
  names: readonly string[],
  key: KeyAlgorithm,
  endsInDays = 60,
): Promise<Material> {
  const { publicKey, keyPem } = makeKey(key);
  const issued = await others.issue({
    names,
    publicKey,
    notBefore: addMs(clock.now(), -30 * dayMs),
    notAfter: addMs(clock.now(), endsInDays * dayMs),
  });
  return { ...issued, keyPem };
}

function membersOf({ certificatePem, chainPem, keyPem }: Material) {
  return {
    Certificate: Buffer.from(certificatePem),
    CertificateChain: Buffer.from(chainPem),
    PrivateKey: Buffer.from(keyPem),
  };
}

/** Imports a certificate as a person would by hand. */
export async function importCertificate(
  cloud: Cloud,
  { region, account }: Place,
  material: Material,
  tags: Readonly<Record<string, string>> = {},
): Promise<string> {
  const acm = new ACMClient(operatorClient(cloud, region, account));
  const { CertificateArn } = await acm.send(
    new ImportCertificateCommand({
      ...membersOf(material),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return CertificateArn ?? '';
}

import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import { addMs, dayMs } from '#shared/clock.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Place } from '#shared/place.ts';
import { makeKey } from '../ca/x509.ts';
import type { Cloud } from '../cloud.ts';
import { operatorClient } from '../operator.ts';
import type { Builder } from './builder.ts';

/** Somebody else's certificate for these names, as it was there before certkeep. */
export async function importOther(
  builder: Builder,
  place: Place,
  names: readonly string[],
  key: KeyAlgorithm,
): Promise<string> {
  const { cloud, clock, others } = builder;
  const { publicKey, keyPem } = makeKey(key);
  const issued = await others.issue({
    names,
    publicKey,
    notBefore: addMs(clock.now(), -30 * dayMs),
    notAfter: addMs(clock.now(), 60 * dayMs),
  });
  return importCertificate(cloud, place, { ...issued, keyPem });
}

/** As a person would by hand. */
export async function importCertificate(
  cloud: Cloud,
  { region, account }: Place,
  material: { certificatePem: string; chainPem: string; keyPem: string },
  tags: Readonly<Record<string, string>> = {},
): Promise<string> {
  const acm = new ACMClient(operatorClient(cloud, region, account));
  const { CertificateArn } = await acm.send(
    new ImportCertificateCommand({
      Certificate: Buffer.from(material.certificatePem),
      CertificateChain: Buffer.from(material.chainPem),
      PrivateKey: Buffer.from(material.keyPem),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return CertificateArn ?? '';
}

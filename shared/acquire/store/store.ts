import type { Config } from '#shared/config/config.ts';
import { isCertkeepError } from '#shared/errors.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Secret } from '#shared/secret.ts';
import type { Clock } from '#shared/time/clock.ts';
import { stored } from '../attempt.ts';
import { keptVersions, placesInUse } from './kept-versions.ts';

export type StorePorts = {
  readonly keyStore: KeyStore;
  readonly objects: ObjectStore;
  readonly mine: LeasedRecord;
  readonly config: Pick<Config, 'certificates' | 'home' | 'retired'>;
  readonly clock: Clock;
};

/**
 * Writes the version and makes it the desired one. Each step can be repeated: after a run that died in between, the next
 * does the same again with the same key, certificate and chain.
 */
export async function storeVersion(
  ports: StorePorts,
  certificateId: string,
  version: Version,
  material: { keyPem: Secret; certificatePem: string; chainPem: string },
): Promise<CertificateRecord> {
  await withRoom(ports, certificateId, version.id, () =>
    ports.keyStore.storeVersion(certificateId, version.id, material),
  );
  await promoteVersion(ports, certificateId, version.id, material);
  return ports.mine.update((record) => stored(record, version, keptNow(ports, record)));
}

/** Gives readers of the key store a version that it holds, and everybody its public part. */
export async function promoteVersion(
  ports: StorePorts,
  certificateId: string,
  versionId: string,
  publicPart: { readonly certificatePem: string; readonly chainPem: string },
): Promise<void> {
  await storePublicPart(ports.objects, certificateId, versionId, publicPart);
  const kept = await keptWith(ports, versionId);
  await ports.keyStore.promote(certificateId, versionId, kept);
}

/** Puts a key or a version into the store; if the store is full, versions that are not kept any more make room first. */
export async function withRoom<Result>(
  ports: Omit<StorePorts, 'objects'>,
  certificateId: string,
  versionId: string,
  put: () => Promise<Result>,
): Promise<Result> {
  try {
    return await put();
  } catch (error) {
    if (!isCertkeepError(error, 'KeyStoreFull')) throw error;
    const kept = await keptWith(ports, versionId);
    await ports.keyStore.makeRoom(certificateId, kept);
    return put();
  }
}

async function keptWith(
  ports: Omit<StorePorts, 'objects'>,
  versionId: string,
): Promise<readonly string[]> {
  const record = await ports.mine.read();
  return [...keptNow(ports, record), versionId];
}

function keptNow(
  { clock, config }: Pick<StorePorts, 'clock' | 'config'>,
  record: CertificateRecord,
): readonly string[] {
  return keptVersions(record, placesInUse(record.id, config), clock.now());
}

async function storePublicPart(
  objects: ObjectStore,
  certificateId: string,
  versionId: string,
  material: { certificatePem: string; chainPem: string },
): Promise<void> {
  const keys = publicPartKeys(certificateId, versionId);
  await objects.put(keys.certificate, material.certificatePem, 'application/x-pem-file');
  await objects.put(keys.chain, material.chainPem, 'application/x-pem-file');
}

import { createHash } from 'node:crypto';
import type { ObjectStore } from '#shared/aws/object-store.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { withEvent } from '#shared/ledger/outbox.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record.ts';
import type { Secret } from '#shared/secret.ts';
import { issuedEvent } from './events.ts';

export type StorePorts = {
  readonly keyStore: KeyStore;
  readonly objects: ObjectStore;
  readonly ledger: Pick<Ledger, 'update'>;
};

/** How many versions stay for putting back, besides those that something still uses. */
const keptVersions = 3;

/**
 * Writes the version and makes it the desired one. Each step can be repeated: a run that dies anywhere
 * in between does the same again with the same key, certificate and chain.
 */
export async function storeVersion(
  ports: StorePorts,
  certificateId: string,
  version: Version,
  material: { keyPem: Secret; certificatePem: string; chainPem: string },
): Promise<CertificateRecord> {
  await ports.keyStore.storeVersion(certificateId, version.id, material);
  await storePublicPart(ports.objects, certificateId, version.id, material);
  const before = await ports.ledger.update(certificateId, (record) => record);
  const kept = [...keptOf(before), version.id];
  await ports.keyStore.promote(certificateId, version.id, kept);
  return ports.ledger.update(certificateId, (record) => withDesired(record, version));
}

/** The certificate and its chain, beside the record; readable without any right to the key. */
export function publicPartKeys(certificateId: string, versionId: string) {
  const folder = `certificates/${certificateId}/versions/${versionId}`;
  return { certificate: `${folder}/certificate.pem`, chain: `${folder}/chain.pem` };
}

export function sha256(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
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

/** The issued event leaves with the write that makes the version desired. */
export function withDesired(record: CertificateRecord, version: Version): CertificateRecord {
  if (record.desired === version.id) return record;
  const kept = new Set(keptOf(record));
  const versions = record.versions.filter(({ id }) => kept.has(id) && id !== version.id);
  return withEvent(
    {
      ...record,
      desired: version.id,
      versions: [...versions, version],
      attempt: null,
      acquireFailure: null,
      forced: forcedStill(record),
    },
    issuedEvent(record.id, version, record.attempt?.reason ?? null),
  );
}

/** A force that came while the key before it was taken over asks for another one. */
function forcedStill({ attempt, forced }: CertificateRecord): CertificateRecord['forced'] {
  return forced && attempt?.reuseKey && forced.at > attempt.startedAt ? forced : null;
}

/** The newest versions and all that an import or a deployment may have to put back. */
function keptOf(record: CertificateRecord): readonly string[] {
  const used = new Set<string | null>([record.desired]);
  for (const place of Object.values(record.imports)) {
    used.add(place.versionId).add(place.importing).add(place.previousVersionId);
  }
  for (const deployment of Object.values(record.deployments)) {
    used.add(deployment.versionId).add(deployment.previous?.versionId ?? null);
  }
  const newest = record.versions.slice(-keptVersions).map(({ id }) => id);
  return record.versions.map(({ id }) => id).filter((id) => newest.includes(id) || used.has(id));
}

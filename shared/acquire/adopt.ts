import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { isWhole } from '#shared/keystores/key-store.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record.ts';
import { checkIssued } from './certificate.ts';
import { reasonToIssue } from './rules.ts';
import { type StorePorts, storeVersion } from './store.ts';
import { describeVersion } from './version.ts';

/**
 * An empty ledger beside a filled key store (a lost bucket, a restored backup) issues nothing that is
 * still good: the current version of the store becomes the desired one again.
 */
export async function adoptStored(
  ports: StorePorts & { readonly config: Pick<Config, 'issuers'> },
  certificate: CertificateConfig,
): Promise<Version | null> {
  const stored = await ports.keyStore.current(certificate.id);
  if (!isWhole(stored)) return null;
  const { certificatePem, chainPem, keyPem } = stored;
  const now = ports.clock.now();
  const version = describeVersion(certificatePem, {
    id: stored.versionId,
    keyAlgorithm: certificate.key,
    issuer: certificate.issuers[0] as string,
    orderUrl: null,
    issuedAt: now.toISOString(),
  });
  const wanted = { names: certificate.names, keyPem, keyAlgorithm: certificate.key, now };
  if (checkIssued({ certificatePem, chainPem }, wanted).length > 0) return null;
  const before = await ports.ledger.update(certificate.id, (record) => record);
  const { issuers } = ports.config;
  const record = holding(before, version);
  if (reasonToIssue({ certificate, issuers, record, now })) return null;
  await storeVersion(ports, certificate.id, version, { keyPem, certificatePem, chainPem });
  return version;
}

function holding(record: CertificateRecord, version: Version): CertificateRecord {
  return { ...record, desired: version.id, versions: [version] };
}

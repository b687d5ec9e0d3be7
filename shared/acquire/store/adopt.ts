import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import { isWhole, type StoredVersion } from '#shared/keystores/key-store.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { checkIssued } from '#shared/x509/certificate.ts';
import { reasonToIssue } from '../renewal/rules.ts';
import { type StorePorts, storeVersion } from './store.ts';
import { describeVersion } from './version.ts';

export type AdoptPorts = StorePorts & {
  readonly config: Pick<Config, 'issuers'>;
  readonly log: Log;
};

/** An order is at work for hours. An older attempt may come from a backup, and its order may be finished. */
const freshMs = dayMs;

/**
 * Says whether an attempt first asks the key store for a newer version. That costs two requests; an order under way is not
 * dropped for a version that the store held when the order was made.
 */
export function mayBeOutdated(
  record: CertificateRecord,
  { orderUrl, reuseKey, startedAt }: Attempt,
  { certificate, now }: { readonly certificate: CertificateConfig; readonly now: Date },
): boolean {
  // The stored version may have the very key that is to be replaced.
  if (record.desired && certificate.rotation === 'reuse' && !reuseKey) return false;
  return orderUrl === null || addMs(new Date(startedAt), freshMs) <= now;
}

/**
 * A ledger that is behind its key store (a lost bucket, a restored backup) does not issue again while the stored version is
 * good: the current version of the store becomes the desired one where it fits the configuration, and is newer than the one
 * in the record. An existing attempt is dropped with that.
 */
export async function adoptStored(
  ports: AdoptPorts,
  certificate: CertificateConfig,
): Promise<Version | null> {
  const before = await ports.mine.read();
  const stored = await currentOf(ports, before);
  if (!isWhole(stored) || stored.versionId === before.desired) return null;
  const { certificatePem, chainPem, keyPem } = stored;
  const now = ports.clock.now();
  const wanted = { names: certificate.names, keyPem, keyAlgorithm: certificate.key, now };
  // Checked first: an unreadable certificate cannot be described either, and is no reason to issue nothing.
  if (checkIssued({ certificatePem, chainPem }, wanted).length > 0) return null;
  const version = describeVersion(certificatePem, {
    id: stored.versionId,
    keyAlgorithm: certificate.key,
    issuer: certificate.issuers[0] as string,
    orderUrl: null,
    issuedAt: now.toISOString(),
  });
  if (!isNewer(version, desiredVersion(before))) return null;
  const { issuers } = ports.config;
  const record = holding(before, version);
  if (reasonToIssue({ certificate, issuers, record, now })) return null;
  await storeVersion(ports, certificate.id, version, { keyPem, certificatePem, chainPem });
  return version;
}

/**
 * @throws what keeps the store from being read where there is no certificate yet: an unreadable one may be good. Where
 * there is one, its renewal is worth more.
 */
async function currentOf(
  { keyStore, log }: AdoptPorts,
  { id, desired }: CertificateRecord,
): Promise<StoredVersion | null> {
  try {
    return await keyStore.current(id);
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    if (!desired) throw error;
    log.warn('the version in service could not be read', {
      stage: 'store',
      certificate: id,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
    return null;
  }
}

function isNewer({ notBefore }: Version, desired: Version | null): boolean {
  return desired === null || notBefore > desired.notBefore;
}

/** A force from before the version began has been carried out. */
function holding(record: CertificateRecord, version: Version): CertificateRecord {
  const { forced } = record;
  const isDone = forced !== null && forced.at < version.notBefore;
  return { ...record, desired: version.id, versions: [version], forced: isDone ? null : forced };
}

import type { CertificateConfig } from '#shared/config/config.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import { isWhole, type StoredVersion } from '#shared/keystores/key-store.ts';
import { notServedText, versionToServe } from '#shared/ledger/record/chosen.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { checkIssued, readCertificate } from '#shared/x509/certificate.ts';
import { promoteVersion, type StorePorts } from './store.ts';

type ChoosePorts = StorePorts & { readonly log: Log };

/**
 * Puts the version into service that belongs there: an earlier one that a person chose, or the newest one again after that.
 * A version that the key store does not hold as it was issued is marked, and another takes its place. Where the store cannot
 * be read, the present one stays: its renewal must not wait for that.
 */
export async function chooseVersion(
  ports: ChoosePorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<CertificateRecord> {
  const version = versionToServe(record, certificate.names, ports.clock.now());
  if (!version || version.id === record.desired) return record;
  try {
    const stored = await ports.keyStore.readVersion(certificate.id, version.id);
    const obstacle = obstacleIn(stored, { certificate, now: ports.clock.now(), version });
    if (obstacle === null && isWhole(stored)) {
      await promoteVersion(ports, certificate.id, version.id, stored);
      return await ports.mine.update((current) => inService(current, version, ports.clock.now()));
    }
    const marked = await ports.mine.update((current) =>
      unusable(current, version, obstacle ?? '', ports.clock.now()),
    );
    return await chooseVersion(ports, certificate, marked);
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const reason = errorMessage(error);
    const fields = { stage: 'store', certificate: certificate.id, serial: version.serial } as const;
    ports.log.error('a version could not be put into service', {
      ...fields,
      outcome: errorName(error),
      reason,
    });
    return ports.mine.update((current) => notRead(current, version, reason, ports.clock.now()));
  }
}

type Expected = {
  readonly certificate: CertificateConfig;
  readonly version: Version;
  readonly now: Date;
};

function obstacleIn(
  stored: StoredVersion | null,
  { certificate, now, version }: Expected,
): string | null {
  if (!isWhole(stored)) return 'the key store does not hold it';
  const { certificatePem, chainPem, keyPem } = stored;
  const { keyAlgorithm } = version;
  const expected = { names: certificate.names, keyPem, keyAlgorithm, now };
  const [problem] = checkIssued({ certificatePem, chainPem }, expected);
  if (problem) return `the key store holds something else: ${problem}`;
  const { fingerprintSha256 } = readCertificate(certificatePem);
  return fingerprintSha256 === version.fingerprintSha256
    ? null
    : 'the key store holds another certificate under its id';
}

/** What is served follows from `desired`, here as after an order. */
function inService(record: CertificateRecord, version: Version, now: Date): CertificateRecord {
  const { chosen, desired } = record;
  if (desired === version.id) return record;
  const isChosen = chosen?.versionId === version.id;
  return withHistory(
    { ...record, desired: version.id },
    {
      at: now.toISOString(),
      stage: 'store',
      what: `version ${version.id} is in service again: serial ${version.serial}`,
      why: isChosen ? chosen.reason : null,
    },
  );
}

function unusable(
  record: CertificateRecord,
  version: Version,
  why: string,
  now: Date,
): CertificateRecord {
  const versions = record.versions.map((each) =>
    each.id === version.id ? { ...each, unusable: why } : each,
  );
  return withRefusal({ ...record, versions }, version, why, now);
}

/** A run repeats this every few minutes: it is written down once a choice. */
function notRead(
  record: CertificateRecord,
  version: Version,
  why: string,
  now: Date,
): CertificateRecord {
  const { chosen, history } = record;
  const isKnown = history.some(
    ({ at, what }) => what === notServedText(version) && at >= (chosen?.at ?? ''),
  );
  return isKnown ? record : withRefusal(record, version, why, now);
}

function withRefusal(
  record: CertificateRecord,
  version: Version,
  why: string,
  now: Date,
): CertificateRecord {
  const at = now.toISOString();
  return withHistory(record, { at, stage: 'store', what: notServedText(version), why });
}

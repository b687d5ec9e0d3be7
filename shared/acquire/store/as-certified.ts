import { createHash } from 'node:crypto';
import { isCertkeepError } from '#shared/errors.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { isId } from '#shared/ledger/record/record-object.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import type { Log } from '#shared/log.ts';
import { type ObjectStore, textOf } from '#shared/object-store.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { describeVersion } from './version.ts';

/** Check runs every ten minutes, up to five minutes late: it meets every slot once or twice. */
const slotMs = 15 * minuteMs;
const slots = dayMs / slotMs;

/** Says whether a certificate is due for the comparison: once or twice a day for each, spread over the day. */
export function isComparedAt(id: string, now: Date): boolean {
  return Math.floor(now.getTime() / slotMs) % slots === slotOf(id);
}

const slotsById = new Map<string, number>();

/** Check asks about each certificate, in every run of its container. */
function slotOf(id: string): number {
  const slot = slotsById.get(id) ?? createHash('sha256').update(id).digest().readUInt32BE() % slots;
  slotsById.set(id, slot);
  return slot;
}

/** The fields that a record repeats from a certificate, and that others could have changed there. */
const repeated = [
  'serial',
  'fingerprintSha256',
  'notBefore',
  'notAfter',
  'renewalId',
  'crlUrl',
] as const satisfies readonly (keyof Version)[];

/** The facts that a certificate states itself. */
type Certified = Pick<Version, (typeof repeated)[number]>;

/**
 * Returns the record with the facts in the version's certificate; without the version where there is no certificate. Pure.
 */
function asCertified(
  record: CertificateRecord,
  versionId: string,
  certified: Certified | null,
): CertificateRecord {
  const version = desiredVersion(record);
  if (version?.id !== versionId) return record;
  if (certified && repeated.every((field) => version[field] === certified[field])) return record;
  const { renewalId: _, crlUrl: __, ...known } = version;
  const versions = record.versions.flatMap((each) => {
    if (each !== version) return [each];
    return certified ? [{ ...known, ...certified }] : [];
  });
  return { ...record, desired: certified && versionId, versions };
}

/** Null where the certificate cannot be read. */
function certifiedBy(certificatePem: string, version: Version): Certified | null {
  try {
    const described = describeVersion(certificatePem, version);
    return Object.fromEntries(repeated.map((field) => [field, described[field]])) as Certified;
  } catch (error) {
    if (isCertkeepError(error, 'CertificateRejected')) return null;
    throw error;
  }
}

type ComparePorts = {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly log: Log;
};

/**
 * Returns the record with the facts in the certificate of the version in service, which a false record cannot change: with
 * a later end it would be renewed late, and nobody would hear of its end. Each difference is an error line. Certkeep has
 * not stored a version without a certificate: the one in the key store replaces it (adopt.ts). The same record where
 * nothing is wrong.
 */
export async function certifiedRecord(
  { log, objects }: ComparePorts,
  record: CertificateRecord,
): Promise<CertificateRecord> {
  const version = desiredVersion(record);
  if (!version) return record;
  // An invalid id would be refused as part of a key, at every comparison.
  const key = publicPartKeys(record.id, version.id).certificate;
  const stored = isId(version.id) ? await objects.get(key) : null;
  const certified = stored && certifiedBy(textOf(stored.body), version);
  const after = asCertified(record, version.id, certified);
  if (after === record) return record;
  const reason = contradiction(version, certified);
  if (reason) {
    const { serial } = version;
    const fields = { stage: 'check', certificate: record.id, serial, reason } as const;
    log.error('the record contradicts the certificate, which is believed', fields);
  }
  return after;
}

/** Does the same and writes it down: for issue, the only function that writes versions. */
export async function putRight(
  ports: ComparePorts & { readonly mine: Pick<LeasedRecord, 'update'> },
  record: CertificateRecord,
): Promise<CertificateRecord> {
  const certified = await certifiedRecord(ports, record);
  if (certified === record) return record;
  const { desired } = record;
  const version = desiredVersion(certified);
  return ports.mine.update((current) => asCertified(current, desired ?? '', version));
}

const longestShown = 100;

/** A field that the record lacks is added silently: an earlier release did not keep it. */
function contradiction(version: Version, certified: Certified | null): string | null {
  if (!certified) return 'no certificate that can be read is stored for the version in service';
  const wrong = repeated.filter(
    (field) => version[field] !== undefined && version[field] !== certified[field],
  );
  if (wrong.length === 0) return null;
  return wrong.map((field) => `${field} was ${version[field]?.slice(0, longestShown)}`).join('; ');
}

import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import { issuerAt } from '#shared/issuers/same-directory.ts';
import { nextFailure } from '#shared/ledger/backoff.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { isId } from '#shared/ledger/record/record-object.ts';
import { toRevoke } from '#shared/ledger/record/revoking.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import type { Log } from '#shared/log.ts';
import { type ObjectStore, textOf } from '#shared/object-store.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import type { Clock } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { readCertificate } from '#shared/x509/certificate.ts';

type RevokePorts = {
  readonly config: Pick<Config, 'home' | 'issuers'>;
  readonly issuerOf: (name: string) => Issuer;
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly mine: Pick<LeasedRecord, 'update'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
};

/**
 * Has the CA revoke the version that a person wants revoked, once another one is served (RFC 8555 §7.6). Repeating it does no
 * harm: the CA says that it has. A failure is written down with the time of the next try, and stops nothing else.
 */
export async function revokeVersion(
  ports: RevokePorts,
  certificate: CertificateConfig,
  record: CertificateRecord,
): Promise<CertificateRecord> {
  const { clock, config, log, mine } = ports;
  const targets = identitiesOf(certificate, config.home).map(({ key }) => key);
  const version = toRevoke(record, targets, clock.now());
  const { revoking } = record;
  if (!version || !revoking) return record;
  const fields = { stage: 'issue', certificate: certificate.id, serial: version.serial } as const;
  try {
    const issuer = ports.issuerOf(issuerNameOf(config, version));
    await issuer.revoke(await certificateOf(ports, certificate.id, version), revoking.code);
    log.warn('revoked at its CA', { ...fields, reason: revoking.reason });
    return await mine.update((current) => revoked(current, version, clock.now()));
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const reason = errorMessage(error);
    log.error('could not be revoked', { ...fields, outcome: errorName(error), reason });
    return mine.update((current) => notRevoked(ports, current, error));
  }
}

function issuerNameOf({ issuers }: Pick<Config, 'issuers'>, { issuer, origin }: Version): string {
  const name = origin ? issuerAt(origin.directory, issuers, issuer) : issuer;
  if (name && issuers[name]) return name;
  throw new CertkeepError(
    'NotRevoked',
    `the configuration has no issuer for ${origin?.directory ?? issuer}, which issued it`,
  );
}

/** The record alone does not say which certificate is revoked. */
async function certificateOf(
  { objects }: RevokePorts,
  certificate: string,
  { fingerprintSha256, id }: Version,
): Promise<string> {
  const key = publicPartKeys(certificate, id).certificate;
  const stored = isId(id) ? await objects.get(key) : null;
  const pem = stored && textOf(stored.body);
  if (pem && readCertificate(pem).fingerprintSha256 === fingerprintSha256) return pem;
  throw new CertkeepError('NotRevoked', `${key} does not hold the certificate of the record`);
}

function revoked(record: CertificateRecord, { id, serial }: Version, now: Date): CertificateRecord {
  const at = now.toISOString();
  const { revoking } = record;
  const versions = record.versions.map((each) =>
    each.id === id ? { ...each, revokedAt: at } : each,
  );
  return withHistory(
    {
      ...record,
      versions,
      revokeTried: revoking && { wish: revoking.at, doneAt: at, failure: null },
    },
    {
      at,
      stage: 'issue',
      what: `version ${id} is revoked by its CA: serial ${serial}`,
      why: revoking && `${revoking.code}: ${revoking.reason}`,
    },
  );
}

function notRevoked(
  { clock, retryDelaysMs }: Pick<RevokePorts, 'clock' | 'retryDelaysMs'>,
  record: CertificateRecord,
  error: unknown,
): CertificateRecord {
  const { revokeTried, revoking } = record;
  if (!revoking) return record;
  const before = revokeTried?.wish === revoking.at ? revokeTried.failure : null;
  const retryAt = error instanceof CertkeepError ? error.retryAt : null;
  const cause = { name: errorName(error), message: errorMessage(error), retryAt };
  const limits = { delaysMs: retryDelaysMs, endOfLife: null };
  const failure = nextFailure(before, cause, clock.now(), limits);
  return { ...record, revokeTried: { wish: revoking.at, doneAt: null, failure } };
}

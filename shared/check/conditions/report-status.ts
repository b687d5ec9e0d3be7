import { nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Rounds } from '#shared/deploy/drift/rounds.ts';
import type { Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import type { Discovered } from '#shared/discovery/discovered.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { RegionState } from '#shared/finish/regions/regions.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { type CertificateLine, conditionsOf, type Fleet, statusOf } from '#shared/status/status.ts';
import { type StoredStatus, writeStatus } from '#shared/status/status-object.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { type Clock, minuteMs } from '#shared/time/clock.ts';
import type { DiscoveredNow } from '../discovery/discovered-now.ts';
import type { Observations } from '../observations/observations.ts';
import { certificateConditions } from './certificate-conditions.ts';
import {
  dangerMeanwhile,
  dangerOf,
  type Finding,
  isRetryable,
  settled,
  unaffected,
} from './finding.ts';
import { fleetConditions } from './fleet-conditions.ts';
import { forgottenFindings } from './kept.ts';
import { servedAt } from './served-at.ts';

export type StatusPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
  readonly config: Config;
  readonly clock: Clock;
};

/** The observations of one check of the whole fleet. */
export type Seen = {
  readonly found: readonly {
    readonly certificate: CertificateConfig;
    readonly record: CertificateRecord;
  }[];
  /** Certificates whose records were not read, since nothing has changed: what was last written of them. */
  readonly unchanged: ReadonlyMap<string, CertificateLine>;
  /** Records of certificates that left the configuration. */
  readonly forgotten: readonly { readonly record: CertificateRecord }[];
  /** Certificates whose record could not be read, and why. */
  readonly unread: ReadonlyMap<string, unknown>;
  readonly proofs: Proofs | null;
  readonly rounds: Rounds | null;
  /** Null where discovery is off, or nobody could read what was found. */
  readonly discovered: DiscoveredNow | null;
  readonly observations: Observations;
  /** For how long checks have gone by without alert, in milliseconds; null where nobody could say. */
  readonly alertAgeMs: number | null;
  /** The replica regions that are behind, as check remembers them. */
  readonly regions: Readonly<Record<string, RegionState>>;
  readonly failures: readonly unknown[];
};

/**
 * Writes what check has seen into one object, from which people, pages and other tools read. If another check has written
 * meanwhile, it has seen the same. Losing the object loses nothing but since when.
 */
export async function reportStatus(
  ports: StatusPorts,
  seen: Seen,
  before: StoredStatus,
): Promise<Status> {
  const status = statusOf(fleetOf(ports, seen, before.status));
  await writeStatus(ports.objects, status, before.etag);
  return status;
}

function fleetOf({ clock, config }: StatusPorts, seen: Seen, before: Status | null): Fleet {
  const now = clock.now();
  const known = new Map(
    (before?.certificates ?? []).map((each) => [
      each.id,
      { line: each, conditions: conditionsOf(before as Status, each) },
    ]),
  );
  const at = (id: string) => known.get(id)?.conditions ?? [];
  const kept = seen.found.map(({ certificate, record }) => ({
    line: lineOf(config, certificate, record, now),
    conditions: certificateConditions(
      { config, certificate, record, secret: seen.observations.secrets[record.id] ?? null, now },
      at(record.id),
    ),
  }));
  const left = seen.forgotten.flatMap(({ record }) => {
    const conditions = settled(forgottenFindings(config, record, now), at(record.id), now);
    const line = lineOfForgotten(config, record, now);
    // Its owner is no longer configured, and known only from before.
    const owner = known.get(record.id)?.line.owner;
    return conditions.length > 0 ? [{ line: { ...line, ...owned(owner) }, conditions }] : [];
  });
  const unread = [...seen.unread].map(([id, error]) => {
    const certificate = config.certificates.find((each) => each.id === id);
    const { line } = known.get(id) ?? { line: lineWithoutRecord(id, certificate) };
    const owner = certificate ? certificate.owner : line.owner;
    return {
      line: { ...fixedFields(line), ...owned(owner) },
      conditions: settled([notRead(error, now)], at(id), now),
    };
  });
  const unchanged = [...seen.unchanged.values()].map((line) => ({ line, conditions: [] }));
  const certificates = [...kept, ...unchanged, ...left, ...unread];
  const conditions = fleetConditions(
    {
      config,
      proofs: seen.proofs,
      rounds: seen.rounds,
      discovered: seen.discovered,
      observations: seen.observations,
      alertAgeMs: seen.alertAgeMs,
      regions: seen.regions,
      failures: [...seen.unread.values(), ...seen.failures].map(errorMessage),
      certificates: certificates.map((each) => each.conditions),
      now,
    },
    before ? conditionsOf(before, before) : [],
  );
  const { account, region } = config.home;
  const installation = { name: config.installation, account, region };
  // What could not be read is as it was.
  const last = config.discovery ? before?.discovered : undefined;
  const discovered = seen.discovered?.discovered.map(discoveredLine) ?? last;
  const fleet = { installation, checkedAt: now, conditions, certificates };
  return discovered ? { ...fleet, discovered } : fleet;
}

function discoveredLine({ arn, certificate, place, position, reason, state }: Discovered) {
  return {
    arn,
    place,
    certificate,
    ...(position !== null && { position }),
    state,
    ...(reason !== null && { reason }),
  };
}

/** One read may meet trouble of AWS that passes; a record that is no record does not mend itself. */
const readWithinMs = 25 * minuteMs;

function notRead(error: unknown, now: Date): Finding {
  const message = `its record cannot be read: ${errorMessage(error)}`;
  const found = { type: 'Checking', about: null, reason: 'RecordUnread', message } as const;
  const danger = dangerOf(unaffected, now);
  if (!isRetryable(errorName(error))) return { ...found, status: 'false', danger };
  const patience = { ms: readWithinMs, reason: 'RecordUnread', message, danger };
  return { ...found, status: 'unknown', danger: dangerMeanwhile(unaffected, now), patience };
}

function lineOf(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  now: Date,
): CertificateLine {
  const version = desiredVersion(record);
  const targets = identitiesOf(certificate, config.home);
  return {
    ...lineWithoutRecord(certificate.id, certificate),
    issuer: version?.issuer ?? certificate.issuers[0] ?? null,
    endsAt: version?.notAfter ?? null,
    servedUntil: firstEnd({ config, record, now }, targets),
    renewsAt: nextStart(record, certificate)?.toISOString() ?? null,
  };
}

function lineOfForgotten(config: Config, record: CertificateRecord, now: Date): CertificateLine {
  const version = desiredVersion(record);
  const targets = Object.entries(record.deployments).map(([key, { place }]) => ({
    key,
    place: parsePlaceKey(place),
  }));
  return {
    id: record.id,
    name: version?.names[0] ?? '',
    names: version?.names.length ?? 0,
    issuer: version?.issuer ?? null,
    endsAt: version?.notAfter ?? null,
    servedUntil: firstEnd({ config, record, now }, targets),
    renewsAt: null,
    targets: targets.length,
  };
}

function firstEnd(
  seen: Parameters<typeof servedAt>[0],
  targets: readonly Parameters<typeof servedAt>[1][],
): string | null {
  return targets.flatMap((target) => servedAt(seen, target)?.hurtsAt ?? []).sort()[0] ?? null;
}

function lineWithoutRecord(
  id: string,
  certificate: CertificateConfig | undefined,
): CertificateLine {
  return {
    id,
    name: certificate?.names[0] ?? '',
    names: certificate?.names.length ?? 0,
    ...owned(certificate?.owner),
    issuer: certificate?.issuers[0] ?? null,
    endsAt: null,
    servedUntil: null,
    renewsAt: null,
    targets: certificate?.targets.length ?? 0,
  };
}

function owned(owner: string | undefined): Pick<CertificateLine, 'owner'> {
  return owner === undefined ? {} : { owner };
}

/** Without the owner, which may have changed. */
function fixedFields(line: CertificateLine): Omit<CertificateLine, 'owner'> {
  const { id, name, names, issuer, endsAt, servedUntil, renewsAt, targets } = line;
  return { id, name, names, issuer, endsAt, servedUntil, renewsAt, targets };
}

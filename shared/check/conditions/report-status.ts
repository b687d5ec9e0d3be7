import { renewalStart } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { Rounds } from '#shared/deploy/drift/rounds.ts';
import type { Proofs } from '#shared/deploy/rights-proof/proofs.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { RegionState } from '#shared/finish/regions/regions.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { type CertificateLine, conditionsOf, type Fleet, statusOf } from '#shared/status/status.ts';
import { readStatus, writeStatus } from '#shared/status/status-object.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Observations } from '../observations/observations.ts';
import { certificateConditions } from './certificate-conditions.ts';
import { dangerOf, type Finding, settled, unaffected } from './finding.ts';
import { fleetConditions } from './fleet-conditions.ts';
import { forgottenFindings } from './kept.ts';
import { servedAt } from './served-at.ts';

export type StatusPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
  readonly config: Config;
  readonly clock: Clock;
};

/** What a check of the whole fleet has seen. */
export type Seen = {
  readonly found: readonly {
    readonly certificate: CertificateConfig;
    readonly record: CertificateRecord;
  }[];
  /** Records of certificates that left the configuration. */
  readonly forgotten: readonly { readonly record: CertificateRecord }[];
  /** Certificates whose record could not be read, and why. */
  readonly unread: ReadonlyMap<string, unknown>;
  readonly proofs: Proofs | null;
  readonly rounds: Rounds | null;
  readonly observations: Observations;
  /** What check remembers of replica regions that are behind. */
  readonly regions: Readonly<Record<string, RegionState>>;
  readonly failures: readonly unknown[];
};

/**
 * Writes what check has seen into one object, from which people, pages and other tools read. If another check has written
 * meanwhile, it has seen the same. Losing the object loses nothing but since when.
 */
export async function reportStatus(ports: StatusPorts, seen: Seen): Promise<Status> {
  const before = await readStatus(ports.objects);
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
    return conditions.length > 0
      ? [{ line: lineOfForgotten(config, record, now), conditions }]
      : [];
  });
  const unread = [...seen.unread].map(([id, error]) => {
    const { line } = known.get(id) ?? { line: lineWithoutRecord(config, id) };
    return { line: fixedFields(line), conditions: settled([notRead(error, now)], at(id), now) };
  });
  const certificates = [...kept, ...left, ...unread];
  const conditions = fleetConditions(
    {
      config,
      proofs: seen.proofs,
      rounds: seen.rounds,
      topics: seen.observations.topics,
      regions: seen.regions,
      failures: [...seen.unread.values(), ...seen.failures].map(errorMessage),
      certificates: certificates.map((each) => each.conditions),
      now,
    },
    before ? conditionsOf(before, before) : [],
  );
  const { account, region } = config.home;
  const installation = { name: config.installation, account, region };
  return { installation, checkedAt: now, conditions, certificates };
}

function notRead(error: unknown, now: Date): Finding {
  const message = `its record cannot be read: ${errorMessage(error)}`;
  const danger = dangerOf(unaffected, now);
  return {
    type: 'Renewable',
    about: null,
    status: 'unknown',
    reason: errorName(error),
    message,
    danger,
  };
}

function lineOf(
  config: Config,
  certificate: CertificateConfig,
  record: CertificateRecord,
  now: Date,
): CertificateLine {
  const { id, issuers, names, targets } = certificate;
  const version = desiredVersion(record);
  const ends = identitiesOf(targets, config.home).flatMap(
    (target) => servedAt({ config, record, now }, target)?.hurtsAt ?? [],
  );
  return {
    id,
    name: names[0] ?? '',
    names: names.length,
    issuer: version?.issuer ?? issuers[0] ?? null,
    endsAt: version?.notAfter ?? null,
    servedUntil: ends.sort()[0] ?? null,
    renewsAt: version
      ? renewalStart(version, certificate, adviceOn(record, version)).toISOString()
      : null,
    targets: targets.length,
  };
}

function lineOfForgotten(config: Config, record: CertificateRecord, now: Date): CertificateLine {
  const version = desiredVersion(record);
  const ends = Object.entries(record.deployments).flatMap(([key, { place }]) => {
    const [account = '', region = ''] = place.split('/');
    const seen = servedAt({ config, record, now }, { key, place: { account, region } });
    return seen?.hurtsAt ?? [];
  });
  return {
    id: record.id,
    name: version?.names[0] ?? '',
    names: version?.names.length ?? 0,
    issuer: version?.issuer ?? null,
    endsAt: version?.notAfter ?? null,
    servedUntil: ends.sort()[0] ?? null,
    renewsAt: null,
    targets: Object.keys(record.deployments).length,
  };
}

function lineWithoutRecord({ certificates }: Config, id: string): CertificateLine {
  const certificate = certificates.find((each) => each.id === id);
  return {
    id,
    name: certificate?.names[0] ?? '',
    names: certificate?.names.length ?? 0,
    issuer: certificate?.issuers[0] ?? null,
    endsAt: null,
    servedUntil: null,
    renewsAt: null,
    targets: certificate?.targets.length ?? 0,
  };
}

function fixedFields(line: CertificateLine): CertificateLine {
  const { id, name, names, issuer, endsAt, servedUntil, renewsAt, targets } = line;
  return { id, name, names, issuer, endsAt, servedUntil, renewsAt, targets };
}

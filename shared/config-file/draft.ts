import type * as z from 'zod';
import type { AddressConfig } from '#shared/config/config.ts';
import { type MaintenanceConfig, maintenanceSchema } from '#shared/config/maintenance.ts';
import { type RolloutConfig, rolloutSchema } from '#shared/config/rollout.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Executions } from '#shared/limits.ts';
import type { Path } from '#shared/schema/finding.ts';
import { placeKeySchema } from '#shared/schema/place-key.ts';
import type { RetiredSolverConfig, SolverConfig } from '#shared/solvers/specs.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import { certificatesOf, targetFor } from './keys-of-entry.ts';
import { childOf } from './messages/schema-at.ts';
import { normalizeAnyName } from './names.ts';
import {
  addressee,
  certificateSchema,
  documentSchema,
  duration,
  issuerSchema,
  kmsKeyArn,
  partsOfDays,
  retiredSchema,
  snsTopic,
  solverSchema,
  targetSchema,
  threshold,
} from './schema.ts';

/** A valid value and its position in the list as written. */
type Placed<T> = { readonly at: number; readonly value: T };

export type CertificateDraft = {
  readonly id: string;
  /** The key of its entry in the file: an entry with two keys stands for two certificates. */
  readonly entry: string;
  readonly names: readonly Placed<string>[];
  readonly issuers: readonly { readonly path: Path; readonly value: string }[];
  readonly key: KeyAlgorithm | null;
  readonly owner: string | null;
  readonly targets: readonly Placed<TargetConfig>[];
  /** The time before the end at which to renew, by each key that sets it. */
  readonly renewBefore: readonly { readonly key: string; readonly hours: number }[];
  /** The certificate's own windows; null where it has none, or a wrong one. */
  readonly maintenance: MaintenanceConfig | null;
  /** The certificate's own order; null where it has none, or a wrong one. */
  readonly rollout: RolloutConfig | null;
};

/** The valid parts of a file, so that one mistake does not hide others that span several parts. */
export type Draft = {
  readonly installation: string | null;
  readonly account: string | null;
  readonly region: string | null;
  readonly replicas: readonly Placed<string>[];
  readonly breakGlassRole: string | null;
  readonly kmsKey: string | null;
  readonly alerts: {
    /** The written values, without defaults. */
    readonly expiringDays: readonly Placed<number>[];
    /** The path leads to the address itself. */
    readonly email: readonly {
      readonly path: Path;
      readonly at: number;
      readonly value: AddressConfig;
    }[];
    readonly snsTopic: string | null;
    readonly snsTopicKey: string | null;
    /** Says whether one is written, however. */
    readonly hasHeartbeat: boolean;
  };
  readonly maintenance: MaintenanceConfig | null;
  readonly rollout: RolloutConfig | null;
  /** The keys under `places`, as written. */
  readonly places: readonly string[];
  /** The places under `discovery`, as written. */
  readonly discovery: readonly Placed<string>[];
  readonly issuers: ReadonlySet<string>;
  /** Those of the issuers whose entries are valid. */
  readonly issuerConfigs: ReadonlyMap<string, IssuerConfig>;
  /** Null where one of them is wrong, so that none can be judged. */
  readonly solvers: readonly SolverConfig[] | null;
  readonly concurrency: Executions | null;
  readonly certificates: readonly CertificateDraft[];
  readonly retired: {
    readonly solvers: readonly Placed<RetiredSolverConfig>[];
    readonly places: readonly Placed<string>[];
    readonly kmsKeys: readonly Placed<string>[];
  };
};

const { breakGlassRole, concurrency, home, installation, replicas } = documentSchema.shape;

export function draftOf(raw: unknown): Draft {
  const rawSolvers = listOf(childOf(raw, 'solvers'));
  const solvers = sound(solverSchema, rawSolvers);
  const rawHome = childOf(raw, 'home');
  return {
    installation: valid(installation, childOf(raw, 'installation') ?? undefined),
    account: valid(home.shape.account, childOf(rawHome, 'account')),
    region: valid(home.shape.region, childOf(rawHome, 'region')),
    replicas: sound(replicas.unwrap().element, listOf(childOf(raw, 'replicas'))),
    breakGlassRole: valid(breakGlassRole.unwrap(), childOf(raw, 'breakGlassRole')),
    kmsKey: valid(kmsKeyArn, childOf(childOf(raw, 'keyStore'), 'kmsKey')),
    alerts: alertsDraft(childOf(raw, 'alerts')),
    maintenance: valid(maintenanceSchema, childOf(raw, 'maintenance')),
    rollout: valid(rolloutSchema, childOf(raw, 'rollout')),
    places: keysOf(childOf(raw, 'places')),
    discovery: sound(placeKeySchema, listOf(childOf(childOf(raw, 'discovery'), 'places'))),
    issuers: new Set(keysOf(childOf(raw, 'issuers'))),
    issuerConfigs: issuerConfigs(childOf(raw, 'issuers')),
    solvers:
      solvers.length === rawSolvers.length && solvers.length > 0
        ? solvers.map(({ value }) => value)
        : null,
    concurrency: valid(concurrency, childOf(raw, 'concurrency')),
    certificates: certificateDrafts(childOf(raw, 'certificates')),
    retired: retiredDraft(childOf(raw, 'retired')),
  };
}

/** Home as far as the file says it. */
export function homeOf({ account, region }: Draft) {
  return { account: account ?? '', region: region ?? '' };
}

function alertsDraft(raw: unknown): Draft['alerts'] {
  return {
    expiringDays: sound(threshold, listOf(childOf(raw, 'expiringDays'))),
    email: addressees(listOf(childOf(raw, 'email'))),
    snsTopic: valid(snsTopic, childOf(raw, 'snsTopic')),
    snsTopicKey: valid(kmsKeyArn, childOf(raw, 'snsTopicKey')),
    hasHeartbeat: childOf(raw, 'heartbeat') !== undefined,
  };
}

function addressees(raws: readonly unknown[]): Draft['alerts']['email'] {
  return sound(addressee, raws).map(({ at, value }) => {
    const path = ['alerts', 'email', at];
    return { at, value, path: typeof raws[at] === 'string' ? path : [...path, 'address'] };
  });
}

function retiredDraft(raw: unknown): Draft['retired'] {
  const { kmsKeys, solvers, places } = retiredSchema.shape;
  return {
    solvers: sound(solvers.unwrap().element, listOf(childOf(raw, 'solvers'))),
    kmsKeys: sound(kmsKeys.unwrap().element, listOf(childOf(raw, 'kmsKeys'))),
    places: sound(places.unwrap().element, listOf(childOf(raw, 'places'))),
  };
}

function certificateDrafts(raw: unknown): readonly CertificateDraft[] {
  return keysOf(raw).flatMap((entry): readonly CertificateDraft[] => {
    const certificate = childOf(raw, entry);
    const { key, owner } = certificateSchema.shape;
    const keys = valid(key, childOf(certificate, 'key'));
    const targets = sound(targetSchema, listOf(childOf(certificate, 'targets')));
    const shared = {
      entry,
      names: listOf(childOf(certificate, 'names')).flatMap(placedName),
      issuers: namedIssuers(childOf(certificate, 'issuer'), ['certificates', entry, 'issuer']),
      owner: valid(owner.unwrap(), childOf(certificate, 'owner')),
      renewBefore: renewalWishes(certificate),
      maintenance: valid(maintenanceSchema, childOf(certificate, 'maintenance')),
      rollout: valid(rolloutSchema, childOf(certificate, 'rollout')),
    };
    if (keys === null) return [{ ...shared, id: entry, key: null, targets }];
    return certificatesOf(entry, keys).map(({ id, key: own }) => ({
      ...shared,
      id,
      key: own,
      targets: targets.flatMap(({ at, value }) => {
        const target = targetFor(value, own, keys);
        return target ? [{ at, value: target }] : [];
      }),
    }));
  });
}

function renewalWishes(certificate: unknown): CertificateDraft['renewBefore'] {
  const inDays = valid(partsOfDays, childOf(certificate, 'renewBeforeDays'));
  const inHours = valid(duration, childOf(certificate, 'renewBefore'));
  return [
    ...(inDays === null ? [] : [{ key: 'renewBeforeDays', hours: inDays * 24 }]),
    ...(inHours === null ? [] : [{ key: 'renewBefore', hours: inHours }]),
  ];
}

function issuerConfigs(raw: unknown): ReadonlyMap<string, IssuerConfig> {
  const described = keysOf(raw).map((name) => [name, valid(issuerSchema, childOf(raw, name))]);
  return new Map(described.filter((entry): entry is [string, IssuerConfig] => entry[1] !== null));
}

/** One name, or a list of them. */
function namedIssuers(raw: unknown, path: Path): CertificateDraft['issuers'] {
  if (typeof raw === 'string') return [{ path, value: raw }];
  return listOf(raw).flatMap((value, at) =>
    typeof value === 'string' ? [{ path: [...path, at], value }] : [],
  );
}

function placedName(raw: unknown, at: number): readonly Placed<string>[] {
  const result = typeof raw === 'string' ? normalizeAnyName(raw) : null;
  return result?.ok ? [{ at, value: result.name }] : [];
}

function sound<Schema extends z.ZodType>(
  schema: Schema,
  raws: readonly unknown[],
): readonly Placed<z.output<Schema>>[] {
  return raws.flatMap((raw, at) => {
    const result = schema.safeParse(raw);
    return result.success ? [{ at, value: result.data }] : [];
  });
}

function valid<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> | null {
  const result = schema.safeParse(raw);
  return result.success ? result.data : null;
}

function listOf(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}

function keysOf(raw: unknown): readonly string[] {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.keys(raw) : [];
}

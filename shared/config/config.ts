import type { MessageSeverity } from '#shared/channels/message.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Executions } from '#shared/limits.ts';
import type { RetiredSolverConfig, SolverConfig } from '#shared/solvers/specs.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { DiscoveryConfig } from './discovery.ts';
import type { MaintenanceConfig } from './maintenance.ts';
import type { PlaceConfig } from './probed-places.ts';
import type { RolloutConfig } from './rollout.ts';

export type CertificateConfig = {
  /** `[a-z0-9][a-z0-9-]{0,62}`: part of object keys, secret names and tags. */
  readonly id: string;
  /** Lower case, A-labels, no trailing dot, without duplicates, in the order written. */
  readonly names: readonly string[];
  /** The registered domains of the names, without duplicates. */
  readonly domains: readonly string[];
  /** In order of preference, at least one. */
  readonly issuers: readonly string[];
  readonly key: KeyAlgorithm;
  /** Says whether a renewal creates a new key or reuses the current one. */
  readonly rotation: 'always' | 'reuse';
  readonly maintenance?: MaintenanceConfig;
  /** The order of its places; absent where it does not matter. */
  readonly rollout?: RolloutConfig;
  /** Days before the end of the lifetime, also fractions; by default a third of the real lifetime (half under ten days). */
  readonly renewBeforeDays?: number;
  /** How to treat a foreign certificate found on the listener: use a new ARN, or re-import under its own. */
  readonly adopt: 'new-arn' | 'in-place';
  readonly targets: readonly TargetConfig[];
  /** The keys of the targets that were found by their tag and approved: no file names them. */
  readonly found?: readonly string[];
  /** Whom messages about it concern: `[a-z0-9][a-z0-9-]{0,62}`. */
  readonly owner?: string;
};

/** An address hears of everything, or of certificates of these owners and of trouble of these severities alone. */
export type AddressConfig = {
  readonly address: string;
  readonly owners?: readonly string[];
  readonly severities?: readonly MessageSeverity[];
};

export type Config = {
  /** Prefixes the names of everything that is deployed and stored. */
  readonly installation: string;
  readonly home: { readonly account: string; readonly region: string };
  /** Further regions that hold a copy. */
  readonly replicas: readonly string[];
  /** Our functions send this when they assume a role of ours, whose trust policy requires it. */
  readonly externalId?: string;
  /** Name or ARN of the only other role that may write into the buckets and delete versions. */
  readonly breakGlassRole?: string;
  /** The number of messages of each queue that are processed at once. */
  readonly concurrency: Executions;
  readonly alerts: {
    readonly expiringDays: readonly number[];
    /** Who gets messages by e-mail, once confirmed. */
    readonly email: readonly AddressConfig[];
    /** The ARN of a topic of somebody else that gets every message too, and of the key that encrypts it. */
    readonly snsTopic?: string;
    readonly snsTopicKey?: string;
    /** Says whether people hear once a week that all is well. */
    readonly digest: 'weekly' | 'never';
    /** The address of the runbook in messages, without an anchor. */
    readonly runbook: string;
    /** The secret with the address that is requested after each complete check. */
    readonly heartbeat?: { readonly secret: string };
  };
  /** The ARN of a key of the user for secrets that are made from now on. */
  readonly keyStore?: { readonly kmsKey?: string };
  /** What is said of places themselves, by place key; absent in what a release before has deployed. */
  readonly places?: Readonly<Record<string, PlaceConfig>>;
  /** Absent where certkeep looks for no tags. */
  readonly discovery?: DiscoveryConfig;
  readonly issuers: Readonly<Record<string, IssuerConfig>>;
  /** By issuer, why no renewal can be rehearsed there; an issuer without an entry has a place for it. */
  readonly noRehearsal?: Readonly<Record<string, string>>;
  readonly solvers: readonly SolverConfig[];
  readonly certificates: readonly CertificateConfig[];
  /** Entries that left the configuration, and keep their rights until everything is cleaned up. */
  readonly retired: {
    readonly solvers: readonly RetiredSolverConfig[];
    /** Place keys where no target remains. */
    readonly places: readonly string[];
    /** ARNs of keys with which secrets may still be encrypted; absent in what a release before has deployed. */
    readonly kmsKeys?: readonly string[];
  };
};

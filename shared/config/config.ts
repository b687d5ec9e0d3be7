import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Executions } from '#shared/limits.ts';
import type { RetiredSolverConfig, SolverConfig } from '#shared/solvers/specs.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { MaintenanceConfig } from './maintenance.ts';

export type CertificateConfig = {
  /** `[a-z0-9][a-z0-9-]{0,62}`: part of object keys, secret names and tags. */
  readonly id: string;
  /** Lower case, A-labels, no trailing dot, without repeats, in the order written. */
  readonly names: readonly string[];
  /** Registered domains of the names, each once. */
  readonly domains: readonly string[];
  /** In order of preference, at least one. */
  readonly issuers: readonly string[];
  readonly key: KeyAlgorithm;
  /** Whether a renewal makes a new key, or takes the one in service over. */
  readonly rotation: 'always' | 'reuse';
  readonly maintenance?: MaintenanceConfig;
  /** Days before the end of life, parts of a day too; by default a third of the real lifetime (half under ten days). */
  readonly renewBeforeDays?: number;
  /** What to do with a foreign certificate found on the listener: a new ARN, or its own ARN re-imported. */
  readonly adopt: 'new-arn' | 'in-place';
  readonly targets: readonly TargetConfig[];
};

export type Config = {
  /** Begins the names of everything that is installed and kept. */
  readonly installation: string;
  readonly home: { readonly account: string; readonly region: string };
  /** Further regions that keep a copy. */
  readonly replicas: readonly string[];
  /** What our functions say when they take a role of ours, and what its trust policy asks for. */
  readonly externalId?: string;
  /** Name or ARN of the one role besides our own that may write into the buckets, and lose versions. */
  readonly breakGlassRole?: string;
  /** How many messages of each queue are worked on at once. */
  readonly concurrency: Executions;
  readonly alerts: {
    readonly expiringDays: readonly number[];
    /** Who gets every message by e-mail, once an address has confirmed it. */
    readonly email: readonly string[];
  };
  readonly issuers: Readonly<Record<string, IssuerConfig>>;
  readonly solvers: readonly SolverConfig[];
  readonly certificates: readonly CertificateConfig[];
  /** What has left the configuration, and keeps the rights to be cleaned up. */
  readonly retired: {
    readonly solvers: readonly RetiredSolverConfig[];
    /** Place keys; no target is there any more. */
    readonly places: readonly string[];
  };
};

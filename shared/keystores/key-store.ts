import type { Secret } from '#shared/secret.ts';

export type StoredVersion = {
  readonly versionId: string;
  readonly keyPem: Secret;
  /** Null while only the key is stored. */
  readonly certificatePem: string | null;
  readonly chainPem: string | null;
};

/** A complete version, which can be put into service. */
export type WholeVersion = StoredVersion & {
  readonly certificatePem: string;
  /** Empty where the CA sent the certificate alone, which is a chain too. */
  readonly chainPem: string;
};

export function isWhole(stored: StoredVersion | null): stored is WholeVersion {
  return stored !== null && stored.certificatePem !== null && stored.chainPem !== null;
}

/**
 * Keeps private keys: sealed and versioned, readable only by issue and deploy. Methods that store throw KeyStoreFull where
 * a certificate has no room for another version.
 */
export type KeyStore = {
  /**
   * Stores the key of an attempt before its CSR exists (label `certkeep-pending`). Where an earlier, interrupted run has
   * stored one for this attempt, returns that one: an attempt has one key.
   */
  storeKey(certificate: string, attemptId: string, keyPem: Secret): Promise<Secret>;
  readKey(certificate: string, attemptId: string): Promise<Secret | null>;
  /** Stores key, certificate and chain as one version with its own label, and reads it back. Idempotent. */
  storeVersion(
    certificate: string,
    versionId: string,
    material: { keyPem: Secret; certificatePem: string; chainPem: string },
  ): Promise<void>;
  readVersion(certificate: string, versionId: string): Promise<StoredVersion | null>;
  /** By which others ask the store for the complete version: the VersionId of a secret. */
  handleOf(certificate: string, versionId: string): string;
  /** The ids of the complete versions that are kept. This reads no secret value. */
  versions(certificate: string): Promise<readonly string[]>;
  /** The version that readers get by default (AWSCURRENT); null where only the placeholder exists. */
  current(certificate: string): Promise<StoredVersion | null>;
  /** Removes the labels of versions not in `keep`, so that there is room for another. */
  makeRoom(certificate: string, keep: readonly string[]): Promise<void>;
  /** Makes the version AWSCURRENT, and removes the pending label and the labels of versions not in `keep`. */
  promote(certificate: string, versionId: string, keep: readonly string[]): Promise<void>;
  /** Creates the replicas that the secrets of a certificate and of accounts lack, in a region that joined or failed. */
  replicate(certificate: string, accounts: readonly string[]): Promise<void>;
  /**
   * Creates the account key if there is none, from the secret under its former name if that exists. The loser of a race
   * gets the winner's key.
   */
  accountKey(name: string, create: () => Secret, former?: string): Promise<Secret>;
  /** The key that was stored to follow the one with this thumbprint (RFC 7638); null where there is none. */
  nextAccountKey(name: string, thumbprint: string): Promise<Secret | null>;
  /**
   * Stores the key that is to follow the one with this thumbprint, which stays the current one. A key has one successor:
   * whoever comes second gets the first one's.
   */
  storeNextAccountKey(name: string, thumbprint: string, create: () => Secret): Promise<Secret>;
  /** Makes the successor of the key with this thumbprint the current one. */
  promoteAccountKey(name: string, thumbprint: string): Promise<void>;
  /**
   * Tags the secret of an account with its key's thumbprint (RFC 7638), for functions that may not read the key. Does
   * nothing unless the configuration has a permanent rule.
   */
  showThumbprint(name: string, thumbprint: string): Promise<void>;
};

/** What can be seen of the secret of a version without reading it. */
export type SecretState =
  | 'there'
  | 'missing'
  /** It is deleted for good at the end of its recovery window. */
  | 'marked-for-deletion'
  /** The secret is there, and the version is not the one that readers get. */
  | 'another-version';

export type KeyWatch = {
  /** Reads no secret value. */
  stateOf(certificate: string, versionId: string): Promise<SecretState>;
};

/** This tag on an account's secret holds the key's thumbprint, for functions that may not read the key. */
export const thumbprintTag = 'certkeep:thumbprint';

/** The facts that sync may know of a secret without reading it. */
export type KeyReplication = {
  /** Says whether the replica in `region` is in sync and has `versionId` as AWSCURRENT. */
  ofVersion(certificate: string, versionId: string, region: string): Promise<SecretReplica>;
  /** Says whether an account's key has its replica in `region`; it counts as in sync before the account exists. */
  ofAccount(account: string, region: string): Promise<SecretReplica>;
};

export type SecretReplica = {
  readonly inSync: boolean;
  /** The replica is missing or has failed: waiting does not bring it. */
  readonly isLost: boolean;
  /** Says the same for every certificate, so that reasons can be counted; null in sync. */
  readonly reason: string | null;
};

export const inSyncNow: SecretReplica = { inSync: true, isLost: false, reason: null };

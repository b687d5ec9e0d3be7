import type { Secret } from '#shared/secret.ts';

export type StoredVersion = {
  readonly versionId: string;
  readonly keyPem: Secret;
  /** Null while only the key is stored. */
  readonly certificatePem: string | null;
  readonly chainPem: string | null;
};

/** Complete, so that it can be put into service. */
export type WholeVersion = StoredVersion & {
  readonly certificatePem: string;
  /** Empty where the CA sent the certificate alone: that is a chain, too. */
  readonly chainPem: string;
};

export function isWhole(stored: StoredVersion | null): stored is WholeVersion {
  return stored !== null && stored.certificatePem !== null && stored.chainPem !== null;
}

/**
 * Where private keys live: sealed, versioned, readable only by issue and deploy. What stores throws KeyStoreFull where a
 * certificate has no room for a further version.
 */
export type KeyStore = {
  /**
   * Stores the key of an attempt before its CSR exists (label `certkeep-pending`). When an earlier,
   * interrupted run already stored one for this attempt, that one is returned: an attempt has one key.
   */
  storeKey(certificate: string, attemptId: string, keyPem: Secret): Promise<Secret>;
  readKey(certificate: string, attemptId: string): Promise<Secret | null>;
  /** Stores key, certificate and chain as one version labelled for itself, and reads it back. Idempotent. */
  storeVersion(
    certificate: string,
    versionId: string,
    material: { keyPem: Secret; certificatePem: string; chainPem: string },
  ): Promise<void>;
  readVersion(certificate: string, versionId: string): Promise<StoredVersion | null>;
  /** The ids of the whole versions that are kept: no secret is read for it. */
  versions(certificate: string): Promise<readonly string[]>;
  /** The version that readers get by default (AWSCURRENT); null when there is only the placeholder. */
  current(certificate: string): Promise<StoredVersion | null>;
  /** Drops the labels of versions not in `keep`, so that a further one finds room. */
  makeRoom(certificate: string, keep: readonly string[]): Promise<void>;
  /** Makes it AWSCURRENT, drops the pending label, and labels of versions not in `keep`. */
  promote(certificate: string, versionId: string, keep: readonly string[]): Promise<void>;
  /** Asks for the replicas that the secrets of a certificate and of accounts lack: of a region that joined, or one that failed. */
  replicate(certificate: string, accounts: readonly string[]): Promise<void>;
  /**
   * Creates the account key if there is none, of what its former name holds where that is there; the loser of a race
   * gets the winner's.
   */
  accountKey(name: string, create: () => Secret, former?: string): Promise<Secret>;
  /**
   * Says beside the key of an account, for those who may not read it, which one it is (RFC 7638). Nothing where nobody
   * asks: only what answers behind a permanent rule does.
   */
  showThumbprint(name: string, thumbprint: string): Promise<void>;
};

/** On the secret of an account's key: the thumbprint of the key, for whoever may not read it. */
export const thumbprintTag = 'certkeep:thumbprint';

/** What sync may know of a secret without being able to read it. */
export type KeyReplication = {
  /** Whether the replica in `region` is in sync and its AWSCURRENT is `versionId`. */
  ofVersion(certificate: string, versionId: string, region: string): Promise<SecretReplica>;
  /** Whether the key of an account has its replica in `region`; also where no account was opened yet. */
  ofAccount(account: string, region: string): Promise<SecretReplica>;
};

export type SecretReplica = {
  readonly inSync: boolean;
  /** There is none, or it failed: it does not come by itself, however long one waits. */
  readonly isLost: boolean;
  /** The same words for every certificate, so that they can be counted; null in sync. */
  readonly reason: string | null;
};

export const inSyncNow: SecretReplica = { inSync: true, isLost: false, reason: null };

import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { KeyReplication, KeyStore, KeyWatch } from './key-store.ts';

export type KeyStorePorts = {
  /** Options for a client of the home region, or of the given one. */
  readonly clients: (region?: string) => ClientOptions;
  readonly clock: Clock;
  /** Prefixes the names of everything stored, so that two installations in one account share nothing. */
  readonly installation: string;
  /** The KMS key that encrypts everything new: an alias, which is the same in every region, or the ARN of a key at home. */
  readonly keyId: string;
  /** Everything stored gets a replica in these regions. */
  readonly replicaRegions: readonly string[];
  /** Says whether a permanent rule needs the thumbprints of the account keys. */
  readonly showsThumbprints: boolean;
};

/** A kind of key store, as the function loads it from `plugin.ts` of its folder. */
export type KeyStorePlugin = {
  keyStore(ports: KeyStorePorts): KeyStore;
  replication(ports: Pick<KeyStorePorts, 'clients' | 'installation'>): KeyReplication;
  watch(ports: Pick<KeyStorePorts, 'clients' | 'installation'>): KeyWatch;
};

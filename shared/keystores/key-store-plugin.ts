import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { KeyReplication, KeyStore, KeyWatch } from './key-store.ts';

export type KeyStorePorts = {
  /** Options for a client of the home region, or of the given one. */
  readonly clients: (region?: string) => ClientOptions;
  readonly clock: Clock;
  /** Prefixes the names of everything stored, so that two installations in one account share nothing. */
  readonly installation: string;
  /** The KMS key that encrypts everything stored. It is an alias, and the same in every region. */
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

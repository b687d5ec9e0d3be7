import type { ClientOptions } from '#shared/aws/clients.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { KeyReplication, KeyStore } from './key-store.ts';

export type KeyStorePorts = {
  /** Options for a client of the home region, or of another one. */
  readonly clients: (region?: string) => ClientOptions;
  readonly clock: Clock;
  /** Begins the names of what is stored: two installations of one account have nothing in common. */
  readonly installation: string;
  /** The KMS key of what is stored; the same in every region, since it is an alias. */
  readonly keyId: string;
  /** Where what is stored gets a replica. */
  readonly replicaRegions: readonly string[];
  /** Whether anybody asks which keys those of the accounts are. */
  readonly showsThumbprints: boolean;
};

/** A kind of key store as it is loaded: `plugin.ts` of its folder. */
export type KeyStorePlugin = {
  keyStore(ports: KeyStorePorts): KeyStore;
  replication(ports: Pick<KeyStorePorts, 'clients' | 'installation'>): KeyReplication;
};

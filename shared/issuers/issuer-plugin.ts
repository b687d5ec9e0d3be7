import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { Log } from '#shared/log.ts';
import type { Secret } from '#shared/secret.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Issuer } from './issuer.ts';
import type { IssuerConfig } from './specs.ts';

/** Everything that an issuer is created from besides its configuration. */
export type IssuerDeps = {
  /** The issuer's name in the configuration. */
  readonly name: string;
  readonly keyStore: Pick<
    KeyStore,
    'accountKey' | 'nextAccountKey' | 'promoteAccountKey' | 'showThumbprint' | 'storeNextAccountKey'
  >;
  /** Reads a secret that a person wrote, by its name; null when there is none. */
  readonly readSecret: (name: string) => Promise<Secret | null>;
  readonly clock: Clock;
  readonly log: Log;
};

/** A kind of issuer, as the function loads it from `plugin.ts` of its folder. */
export type IssuerPlugin<Config = IssuerConfig> = {
  /** A process has one instance per issuer, which keeps the account, the connection and the nonces. */
  create(config: Config, deps: IssuerDeps): Issuer;
};

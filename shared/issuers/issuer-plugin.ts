import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { Log } from '#shared/log.ts';
import type { Secret } from '#shared/secret.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Issuer } from './issuer.ts';
import type { IssuerConfig } from './specs.ts';

/** What an issuer is made of besides its configuration. */
export type IssuerDeps = {
  /** What the configuration calls it. */
  readonly name: string;
  readonly keyStore: Pick<KeyStore, 'accountKey' | 'showThumbprint'>;
  /** A secret that a person wrote, by its name; null when there is none. */
  readonly readSecret: (name: string) => Promise<Secret | null>;
  readonly clock: Clock;
  readonly log: Log;
};

/** A kind of issuer as it is loaded where it is configured: `plugin.ts` of its folder. */
export type IssuerPlugin<Config = IssuerConfig> = {
  /** One per issuer and process: it keeps the account, the connection and the nonces warm. */
  create(config: Config, deps: IssuerDeps): Issuer;
};

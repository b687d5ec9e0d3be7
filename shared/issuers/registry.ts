import { type AcmeDeps, acmeIssuer } from './acme/acme.ts';
import type { Issuer } from './issuer.ts';
import type { IssuerConfig } from './specs.ts';

export type IssuerDeps = AcmeDeps;

/** One per issuer and process: it keeps the account, the connection and the nonces warm. */
export function createIssuer(config: IssuerConfig, deps: IssuerDeps): Issuer {
  // Without a default: a new type of issuer does not compile until it stands here.
  switch (config.type) {
    case 'acme':
      return acmeIssuer(config, deps);
  }
}

import type { IssuerDeps, IssuerPlugin } from '../issuer-plugin.ts';
import type { IssuerConfig } from '../specs.ts';
import { acmeIssuer } from './acme.ts';

export const plugin = {
  create(config: IssuerConfig & { readonly type: 'acme' }, deps: IssuerDeps) {
    return acmeIssuer(config, deps);
  },
} satisfies IssuerPlugin;

import { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { createRole } from './parts/role.ts';
import { exactly } from './parts/trust.ts';
import { listenerRights } from './rights/rights.ts';

/** The role that creates HTTP-01 rules in an account, home or another. Only the issue function may assume it. */
export class CertkeepListenerRole extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, account }: { readonly config: Config; readonly account: string },
  ) {
    super(scope, id);
    const names = namesOf(config);
    createRole(this, 'Role', {
      name: names.listenerRole,
      description: `Assumed by ${names.function('issue')} of ${config.home.account}, to answer challenges.`,
      assumedBy: exactly(config, names.role('issue')),
      rights: listenerRights(config, account),
    });
  }
}

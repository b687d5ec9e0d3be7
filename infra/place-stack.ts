import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { listenerAccounts } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { type FunctionName, namesOf } from '#shared/installation.ts';
import { CertkeepListenerRole } from './listener-role.ts';
import { createRole } from './parts/role.ts';
import { exactly } from './parts/trust.ts';
import { placesIn, retiredPlacesIn } from './rights/places.ts';
import { placeRights } from './rights/rights.ts';

export type PlaceProps = { readonly config: Config; readonly account: string };

/**
 * The roles of another account: one that only deploy may assume, one that only verify may assume while targets are there,
 * and one that only issue may assume where load balancers answer challenges.
 */
export class CertkeepPlaceStack extends Stack {
  constructor(scope: Construct, id: string, props: PlaceProps) {
    const { config, account } = props;
    const names = namesOf(config);
    super(scope, id, {
      stackName: names.placeStack,
      description: `certkeep: the permissions of ${names.installation} of ${config.home.account} in this account.`,
      // Roles are global, and a stack that moved to another region would conflict with its own roles, so it stays in the
      // home region. STS of that region issues the sessions, so the account has the region enabled anyway.
      env: { account, region: config.home.region },
    });
    const hasTargets = placesIn(config, account).length > 0;
    if (hasTargets || retiredPlacesIn(config, account).length > 0) {
      new CertkeepPlaceRole(this, 'Deploy', { ...props, for: 'deploy' });
    }
    // Hosts that fetch it are asked by handshake alone, and without a target there is nothing to verify.
    const looks = placeRights('verify', config, account).length > 0;
    if (looks) new CertkeepPlaceRole(this, 'Verify', { ...props, for: 'verify' });
    if (listenerAccounts(config).includes(account)) {
      new CertkeepListenerRole(this, 'Listeners', props);
    }
  }
}

/** A role that only one function of the installation may assume. */
class CertkeepPlaceRole extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: PlaceProps & { readonly for: 'deploy' | 'verify' },
  ) {
    super(scope, id);
    const { config, account } = props;
    const names = namesOf(config);
    createRole(this, 'Role', {
      name: props.for === 'deploy' ? names.placeRole : names.placeReaderRole,
      description: `Assumed by ${names.function(props.for)} of ${config.home.account}.`,
      assumedBy: exactly(config, names.role(props.for)),
      rights: placeRights(props.for satisfies FunctionName, config, account),
    });
  }
}
